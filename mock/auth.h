/* Who is asking [J1-J13 E2]. */
#ifndef AUTH_H
#define AUTH_H

#include "exchange.h"

/* Step: the Authorization header names a team, or the answer is 401. */
enum step_result token_check(struct exchange *x);

/* Step, once the contact is known: is it this team's? Else 403. [J11] */
enum step_result team_check(struct exchange *x);

#endif
