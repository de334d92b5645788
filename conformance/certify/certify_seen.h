/* What the judges of an integration read from an observation, and how they conclude. An exchange is
 * one of the journal's; a write, a contact and a body. */
#ifndef SUITE_CERTIFY_CERTIFY_SEEN_H
#define SUITE_CERTIFY_CERTIFY_SEEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { CERTIFY_RUNS_MAX = 2, CERTIFY_SAYS_BYTES = 600 };

/* What one scenario saw. */
struct certify_seen {
    json_t *exchanges;   /* an array of the journal's, the oldest first; "run" was added: 0, 1 */
    size_t elapsed_from; /* those from here on came after time had passed; the rest, before */
    bool has_elapsed;
    size_t runs;
    int exit_codes[CERTIFY_RUNS_MAX];
    bool is_late; /* a run was ended by us */

    /* Of the first scenario, in which nothing goes wrong. */
    size_t usual_writes; /* how often the same write came at most */
    int usual_exit_code;
};

/* In the order of severity. */
enum certify_result {
    CERTIFY_PASSED,
    CERTIFY_UNSEEN, /* it did nothing that could be judged */
    CERTIFY_WARNED,
    CERTIFY_FAILED
};

struct certify_verdict {
    enum certify_result result;
    char says[CERTIFY_SAYS_BYTES]; /* what was seen; never a secret */
};

__attribute__((format(printf, 3, 4))) void
seen_conclude(struct certify_verdict *verdict, enum certify_result result, const char *format, ...);

size_t seen_count(const struct certify_seen *seen);
/* NULL: there are not so many. */
const json_t *seen_at(const struct certify_seen *seen, size_t at);
int seen_status(const json_t *exchange);
bool seen_is_accepted(const json_t *exchange);
bool seen_is_faulted(const json_t *exchange);
/* On the mock's own clock. */
double seen_begun_s(const json_t *exchange);
double seen_ended_s(const json_t *exchange);

bool seen_is_in_one_run(const json_t *a, const json_t *b);

const json_t *seen_first_faulted(const struct certify_seen *seen);

/* How often the write of @like came in its run. */
size_t seen_count_writes(const struct certify_seen *seen, const json_t *like);

/* The next exchange in the same run with the same write as the one at @at; NULL: none. */
const json_t *seen_next_same(const struct certify_seen *seen, size_t at);

/* The same, where the write came more often than it does when nothing goes wrong: an integration
 * may well make one channel twice of its own accord. */
const json_t *seen_retry(const struct certify_seen *seen, size_t at);

/* Did the write of the exchange at @at get through, there or later in its run? */
bool seen_is_through(const struct certify_seen *seen, size_t at);

/* The first of that severity; NULL: none. */
const json_t *seen_finding(const json_t *exchange, const char *severity);

/* "" where there is none. */
const char *finding_text(const json_t *object, const char *name);

/* What holds for every scenario; true: nothing more is to be said. */
bool seen_conclude_early(struct certify_verdict *verdict, const struct certify_seen *seen);

/* Quotes the first refusal or warning of several requests. @clauses: how the clause's id begins, ""
 * for any. False: there is none. */
bool seen_conclude_findings(struct certify_verdict *verdict, const struct certify_seen *seen,
                            const char *severity, const char *clauses, enum certify_result result);

#endif
