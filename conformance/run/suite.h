/* A run of the suite: what it knows of its target, what it sent, the result of each case. */
#ifndef SUITE_RUN_SUITE_H
#define SUITE_RUN_SUITE_H

#include "cases/catalog.h"
#include "judge/baseline.h"
#include "judge/judge.h"
#include "judge/result.h"
#include "learn/learn.h"
#include "play/player.h"
#include "play/transcript.h"
#include "recipe/marks.h"
#include "run/plan.h"
#include "run/progress.h"
#include "target/targets.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a run ended before its last case. */
enum stop_kind {
    STOP_NONE,
    STOP_SIGNAL,        /* Ctrl-C and its like */
    STOP_NOT_REACHABLE, /* the first request could not be sent */
    STOP_NO_ANSWER,     /* the first request was sent and not answered */
    STOP_CREDENTIALS,   /* 401 to the first request, a correct one [E2] */
    STOP_SERVER_ERROR,  /* a live target answered 5xx */
    STOP_UNANSWERED,    /* so many requests in a row got no answer */
    STOP_LIMITED        /* 429, again and again [E4] */
};

struct suite_run_options {
    struct targets_options targets;
    int64_t rate;   /* --rate, of a live target */
    int64_t budget; /* --budget, of a live target */
    bool is_strict;
    bool learns;                     /* --learn */
    bool keeps_records;              /* of every trip, for reports */
    const struct baseline *baseline; /* known failures; NULL: none */
};

struct suite_run {
    const struct catalog *catalog;
    struct suite_run_options options;
    struct http_session *session;
    struct targets targets;
    struct player player;     /* its ledger: what was created where */
    struct plan plan;         /* of a live target */
    struct learning learning; /* where run_options.learns; else empty */
    struct marks marks;
    struct request_ids ids;
    struct transcript transcript;
    struct progress progress;
    size_t done;   /* cases, whatever became of them */
    size_t failed; /* of those, failed or broken */
    size_t result_count;
    struct result *results;
    size_t unanswered;               /* cases in a row that ended so */
    char target_text[HM_ERROR_TEXT]; /* for reports; as the two after it, kept beyond the targets */
    const char *target_kind;
    char target_url[HM_ERROR_TEXT]; /* "": a mock was started */
    char target_version[HM_ERROR_TEXT];
    bool is_ours; /* the target is our mock */
    enum stop_kind stop;
    char stop_text[HM_ERROR_TEXT];
    char mock_text[HM_ERROR_TEXT]; /* what a mock of ours said that did not end well; "" */
    int64_t started_s;             /* Unix time */
    int64_t start_ms;              /* monotonic */
    int64_t time_ms;
};

/* Finds the target, or starts the first mock, and sends a named target its first request; plans
 * what a live target is sent. returns HM_OK, also if the first request ended the run (stop says
 * why); otherwise nothing can be run: HM_BAD_ARGUMENT, HM_BAD_INPUT, HM_NOT_SENT, HM_INTERNAL,
 * HM_NO_MEMORY In every case suite_run_fini() it. */
HM_MUST_USE enum hm_code suite_run_begin(struct suite_run *run, const struct catalog *catalog,
                                         const struct suite_run_options *options,
                                         struct hm_error *err);

/* Learns, if that was asked for, and stops what was started; verdict_make() says how it went. */
HM_MUST_USE enum hm_code suite_run_end(struct suite_run *run, struct hm_error *err);

void suite_run_fini(struct suite_run *run);

/* No more cases are run. The first reason counts. */
void suite_run_stop(struct suite_run *run, enum stop_kind kind, const char *text);

/* Did a signal come? Then the run is stopped. */
bool suite_run_is_interrupted(struct suite_run *run);

#endif
