/* Refusals that a test wants, so that they do not make a run fail: --allow, the header
 * X-Mock-Expect, and POST /_mock/expect. One that was announced and never came is a failure. */
#ifndef MOCK_CONTROL_EXPECTED_H
#define MOCK_CONTROL_EXPECTED_H

#include "exchange/exchange.h"
#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

extern const struct operation op_expect_get;
extern const struct operation op_expect_post;
extern const struct operation op_expect_delete;

/* Safe for threads once it serves. */
struct expected;

HM_MUST_USE enum hm_code expected_new(struct expected **expected, struct hm_error *err);

/* One with the same --allow, for another world. */
HM_MUST_USE enum hm_code expected_fresh(struct expected **fresh, const struct expected *expected,
                                        struct hm_error *err);
void expected_free(struct expected *expected); /* NULL is fine */

/* Adds a status (404, 4xx), a clause (B7) or a code (contact-unknown) that is always expected;
 * before it serves. HM_BAD_ARGUMENT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code expected_allow(struct expected *expected, const char *text,
                                        struct hm_error *err);

/* Is the answer one that is expected? Sets x->is_expected, and uses up what it met. */
void expected_judge(struct exchange *x);

/* Forgets what was announced and what did not come. Returns how much that was. */
size_t expected_clear(struct expected *expected); /* NULL is fine here and below */

/* Appends a sentence about each of the first expectations that did not come true, separated by ";
 * ". Returns how many there are. */
size_t expected_unmet(struct buf *out, struct expected *expected);

/* Was anything announced? Then it is judged at the end. */
bool expected_was_used(struct expected *expected);

#endif
