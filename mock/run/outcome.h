/* The result of a run, and the only place that decides its exit code. Summary and reports print it.
 */
#ifndef MOCK_RUN_OUTCOME_H
#define MOCK_RUN_OUTCOME_H

#include "exchange/mock.h"
#include "intercept/reach.h"
#include "mock_options.h"
#include "support/offers.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JUDGEMENTS_MAX = 6, JUDGEMENT_TEXT = 512 };

/* One thing that was asked for. */
struct judgement {
    const char *name; /* "command", "--fail-on refused", "--expect 3" */
    bool is_met;
    char text[JUDGEMENT_TEXT]; /* what was found, as a sentence without its full stop */
};

struct outcome {
    const struct run_options *options;
    char *const *command;      /* ends with NULL */
    struct mock *mock;         /* no longer serving */
    const struct reach *reach; /* of --intercept; NULL without it */
    int command_exit;          /* as a shell says it */
    bool has_started;          /* the command */
    int64_t started_s;         /* Unix time, real */
    int64_t took_us;
    /* Filled by outcome_judge(). */
    struct judgement judgements[JUDGEMENTS_MAX];
    size_t judgement_count;
    int exit_code;
};

/* Was --fail-on @word given? */
bool outcome_asks(const struct run_options *options, const char *word);

/* Are the values of --fail-on known? returns HM_OK; HM_BAD_ARGUMENT */
HM_MUST_USE enum hm_code outcome_options_check(const struct run_options *options,
                                               struct hm_error *err);

/* Offers the values of --fail-on. */
void outcome_offer_fail_on(struct offers *offers);

/* The command's own exit code if it is not 0, else 1 if something that was asked for is not met,
 * else 0. */
void outcome_judge(struct outcome *outcome);

/* TLS handshakes that failed, and why, with what to do. A connection of --intercept that was closed
 * before it is not counted. */
unsigned long long outcome_handshakes(const struct outcome *outcome);
void outcome_handshake_cure(struct buf *out, const struct outcome *outcome);

bool outcome_is_good(const struct outcome *outcome);

/* Is the kind of finding one that --fail-on was asked to fail for? */
bool outcome_fails_on(const struct outcome *outcome, enum hm_mistake mistake,
                      enum hm_severity severity);

#endif
