/* Helpers of the judges: they read what the mock recorded and write the verdict. An exchange is
 * one of the mock's journal; two are the same request if method, path and body are equal. */
#ifndef SUITE_CERTIFY_CERTIFY_SEEN_H
#define SUITE_CERTIFY_CERTIFY_SEEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { CERTIFY_RUNS_MAX = 2, CERTIFY_SAYS_BYTES = 600 };

/* What the mock saw in one scenario. */
struct certify_seen {
    json_t *exchanges;   /* of the journal, the oldest first, with "run": 0 or 1 added */
    size_t elapsed_from; /* index of the first exchange after the clock moved */
    bool has_elapsed;
    size_t runs;
    int exit_codes[CERTIFY_RUNS_MAX];
    bool is_late; /* we ended a run at its timeout */

    /* From the first scenario, in which nothing fails. */
    const json_t *usual; /* of each operation, how often the same request was sent at most */
    int usual_exit_code;
};

/* From best to worst. */
enum certify_result {
    CERTIFY_PASSED,
    CERTIFY_UNSEEN, /* nothing could be judged */
    CERTIFY_WARNED,
    CERTIFY_FAILED
};

struct certify_verdict {
    enum certify_result result;
    char says[CERTIFY_SAYS_BYTES]; /* what was seen; contains no secret */
};

__attribute__((format(printf, 3, 4))) void
seen_conclude(struct certify_verdict *verdict, enum certify_result result, const char *format, ...);

size_t seen_count(const struct certify_seen *seen);
/* NULL: there is no such exchange. */
const json_t *seen_at(const struct certify_seen *seen, size_t at);
int seen_status(const json_t *exchange);
bool seen_is_accepted(const json_t *exchange);
bool seen_is_faulted(const json_t *exchange);
/* Seconds on the mock's own clock. */
double seen_begun_s(const json_t *exchange);
double seen_ended_s(const json_t *exchange);

bool seen_is_in_one_run(const json_t *a, const json_t *b);

/* Was anything of its contact read after this exchange? */
bool seen_is_read_after(const struct certify_seen *seen, const json_t *exchange);

bool seen_has_operation(const json_t *exchange, const char *name);
bool seen_has_method(const json_t *exchange, const char *method);

const json_t *seen_first_faulted(const struct certify_seen *seen);

/* Number of exchanges with the same request in the same run as @like. */
size_t seen_count_same(const struct certify_seen *seen, const json_t *like);

/* seen.usual of the following scenarios. A new reference; NULL: out of memory. */
json_t *seen_usual_make(const struct certify_seen *seen);

/* How often such a request may be sent, as the first scenario shows. */
size_t seen_usual(const struct certify_seen *seen, const json_t *exchange);

/* The next exchange with the same request in the same run; NULL: none, or the request was not sent
 * more often than in the first scenario: an integration may create a channel twice on purpose. */
const json_t *seen_retry(const struct certify_seen *seen, size_t at);

/* Was the request of exchange @at accepted, then or later in its run? */
bool seen_is_through(const struct certify_seen *seen, size_t at);

/* The first finding of that severity; NULL: none. */
const json_t *seen_finding(const json_t *exchange, const char *severity);

/* "" if there is no such member. */
const char *finding_text(const json_t *object, const char *name);

/* Concludes for every scenario if the run was late or nothing was sent. True: it has concluded. */
bool seen_conclude_early(struct certify_verdict *verdict, const struct certify_seen *seen);

/* Concludes with the first finding of that severity, and how many requests have one. @clauses:
 * prefix of the clause ids, "" for all; that a channel is absent is not counted. False: there is
 * none. */
bool seen_conclude_findings(struct certify_verdict *verdict, const struct certify_seen *seen,
                            const char *severity, const char *clauses, enum certify_result result);

#endif
