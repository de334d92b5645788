/* A run of the suite: what it knows of its target, what it sent, the result of each case. */
#ifndef SUITE_RUN_SUITE_H
#define SUITE_RUN_SUITE_H

#include "cases/catalog.h"
#include "judge/baseline.h"
#include "judge/findings.h"
#include "judge/judge.h"
#include "judge/result.h"
#include "judge/written.h"
#include "learn/learn.h"
#include "play/player.h"
#include "play/repeat.h"
#include "play/traffic.h"
#include "play/transcript.h"
#include "recipe/marks.h"
#include "run/first_request.h"
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
    STOP_NOT_REACHABLE, /* the first request could not be sent; the next four are about it, too */
    STOP_NO_ANSWER,     /* the first request was sent and not answered */
    STOP_CREDENTIALS,   /* 401 to the first request, a correct one [E2] */
    STOP_OTHER_RULE,    /* the same, and a wrong token is accepted */
    STOP_REFUSED,       /* another refusal of the first request */
    STOP_SERVER_ERROR,  /* a live target answered 5xx */
    STOP_UNANSWERED,    /* several cases in a row got no answer */
    STOP_LIMITED,       /* 429 again and again [E4] */
    STOP_TIMEOUT,       /* --timeout */
    STOP_FAILURE        /* --fail-fast */
};

/* What became of the channels that the run created on a named target. */
struct cleanup {
    bool was_tried;
    size_t deleted;
    size_t left;     /* an upper bound if the target shows no lists */
    size_t typeless; /* of these, without a type, so that no path names them [G5] */
};

/* Why a case was not run. */
#define SUITE_SPENT   "budget: no more writes may be accepted"
#define SUITE_SAW_5XX "the live target answered with 5xx, so the run stops"

enum { JOBS_DEFAULT = 8, JOBS_MAX = 64 };

struct suite_run_options {
    struct targets_options targets;
    int64_t jobs;      /* --jobs; 0: as the target needs it */
    int64_t timeout_s; /* --timeout; 0: none */
    bool fails_fast;   /* --fail-fast */
    int64_t rate;      /* --rate, for a live target */
    int64_t budget;    /* --budget, for a live target */
    bool is_strict;
    bool probes_writes;
    bool is_verbose;                 /* --verbose */
    size_t min_judged;               /* --min-judged; 0: any number is enough */
    bool keeps_channels;             /* --keep */
    bool learns;                     /* --learn */
    bool keeps_records;              /* of all requests, for reports */
    const struct baseline *baseline; /* known failures; NULL: none */
};

struct suite_run {
    struct catalog *catalog;
    struct suite_run_options options;
    struct http_session *session;
    struct targets targets;
    struct traffic traffic; /* its ledger: what was created */
    struct player player;   /* of the main thread: for what is not a case */
    size_t records_bytes;   /* of the results' exchanges, as JSON */
    size_t jobs;            /* cases that are played at the same time */
    struct plan plan;       /* for a live target */
    struct cleanup cleanup;
    struct learning learning; /* empty without --learn */
    struct marks marks;
    struct request_ids ids;
    struct written written;
    struct transcript transcript;
    struct progress progress;
    size_t done;   /* cases that have a result */
    size_t failed; /* of those, failed or broken */
    size_t result_count;
    struct result *results;
    struct findings findings;        /* of the results, after suite_run_end() */
    size_t unanswered;               /* cases in a row without an answer */
    char target_text[HM_ERROR_TEXT]; /* for reports; like the two below it is kept after the target
                                        is released */
    const char *target_kind;
    char target_url[HM_ERROR_TEXT]; /* "": a mock was started */
    char target_version[HM_ERROR_TEXT];
    bool is_ours;  /* the target is our mock */
    bool has_part; /* it has some of the operations beside channel_create, but not all */
    enum stop_kind stop;
    const struct test_case *broken; /* of STOP_OTHER_RULE: the case that shows it. Borrowed */
    char stop_text[FIRST_REQUEST_TEXT];
    char mock_text[HM_ERROR_TEXT]; /* what a mock that ended badly printed; "" */
    int64_t started_s;             /* Unix time */
    int64_t start_ms;              /* monotonic */
    int64_t time_ms;
};

/* Finds the target or starts the first mock, sends a named target its first request, and plans
 * what a live target is sent.
 * returns HM_OK, also if the first request ended the run (see stop); HM_BAD_ARGUMENT,
 * HM_BAD_INPUT,
 *         HM_NOT_SENT, HM_INTERNAL, HM_NO_MEMORY: nothing can be run
 * Always call suite_run_fini() after it. */
HM_MUST_USE enum hm_code suite_run_begin(struct suite_run *run, struct catalog *catalog,
                                         const struct suite_run_options *options,
                                         struct hm_error *err);

/* Learns if that was asked for. */
HM_MUST_USE enum hm_code suite_run_learn(struct suite_run *run, struct hm_error *err);

/* Stops the mocks, and groups what was found. */
HM_MUST_USE enum hm_code suite_run_end(struct suite_run *run, struct hm_error *err);

void suite_run_fini(struct suite_run *run);

/* Lets no more cases run. Only the first reason is kept. */
void suite_run_stop(struct suite_run *run, enum stop_kind kind, const char *text);

/* For the curl lines of a case that was sent to this target. */
struct repeat suite_run_repeat(const struct suite_run *run, const struct target *target);

/* Did the run end because of the first request? */
bool suite_run_ended_at_first(const struct suite_run *run);

/* Did a signal come? Then the run is stopped. */
bool suite_run_is_interrupted(struct suite_run *run);

#endif
