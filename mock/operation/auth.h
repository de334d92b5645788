/* Who is asking, and how often [J1-J13 E2 E4]. */
#ifndef MOCK_OPERATION_AUTH_H
#define MOCK_OPERATION_AUTH_H

#include "exchange/exchange.h"

/* Judges a header value (NULL: there is none) into x->verdict by the state's secrets, policy and
 * clock. A token signed before a clock_elapse() is judged that much older.
 * returns HM_OK, HM_TOKEN_REFUSED, or an error: it could not be judged */
HM_MUST_USE enum hm_code authorization_judge(struct exchange *x, const char *value, size_t length);

/* Step: the Authorization header names a team, or the answer is 401. */
enum step_result token_check(struct exchange *x);

/* Step: 429 with Retry-After, if the mock has a rate limit and it is reached. [E4] */
enum step_result limit_check(struct exchange *x);

/* Step, once the contact is known: 403 if it belongs to another team. [J11] */
enum step_result team_check(struct exchange *x);

#endif
