/* What the judges of an integration read from an observation, and how they conclude. An exchange is
 * one of the journal's; a write, a contact and a body. */
#ifndef SUITE_CERTIFY_CERTIFY_SEEN_H
#define SUITE_CERTIFY_CERTIFY_SEEN_H

#include "certify/certify.h"

__attribute__((format(printf, 3, 4))) void
seen_conclude(struct certify_verdict *verdict, enum certify_result result, const char *format, ...);

size_t seen_count(const struct observation *seen);
/* NULL: there are not so many. */
const json_t *seen_at(const struct observation *seen, size_t at);
int seen_status(const json_t *exchange);
bool seen_is_accepted(const json_t *exchange);
bool seen_is_faulted(const json_t *exchange);
/* On the mock's own clock. */
double seen_begun_s(const json_t *exchange);
double seen_ended_s(const json_t *exchange);

bool seen_is_in_one_run(const json_t *a, const json_t *b);

const json_t *seen_first_faulted(const struct observation *seen);

/* How often the write of @like came in its run. */
size_t seen_count_writes(const struct observation *seen, const json_t *like);

/* The next exchange in the same run with the same write as the one at @at; NULL: none. */
const json_t *seen_next_same(const struct observation *seen, size_t at);

/* The same, where the write came more often than it does when nothing goes wrong: an integration
 * may well make one channel twice of its own accord. */
const json_t *seen_retry(const struct observation *seen, size_t at);

/* Did the write of the exchange at @at get through, there or later in its run? */
bool seen_is_through(const struct observation *seen, size_t at);

/* The first of that severity; NULL: none. */
const json_t *seen_finding(const json_t *exchange, const char *severity);

/* "" where there is none. */
const char *finding_text(const json_t *object, const char *name);

/* What holds for every scenario; true: nothing more is to be said. */
bool seen_conclude_early(struct certify_verdict *verdict, const struct observation *seen);

/* Quotes the first refusal or warning of several requests. @clauses: how the clause's id begins, ""
 * for any. False: there is none. */
bool seen_conclude_findings(struct certify_verdict *verdict, const struct observation *seen,
                            const char *severity, const char *clauses, enum certify_result result);

/* [E4] [E5] The judges that measure waits: certify_waits.c. */
void judge_server_error(struct certify_verdict *verdict, const struct observation *seen);
void judge_retry_after(struct certify_verdict *verdict, const struct observation *seen);
void judge_backs_off(struct certify_verdict *verdict, const struct observation *seen);

#endif
