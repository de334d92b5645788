/* The claims of a token [J3 J4 J6 J7 J8 J10]. */
#ifndef CONTRACT_TOKEN_CLAIMS_H
#define CONTRACT_TOKEN_CLAIMS_H

#include "contract/judging.h"

/* Judges iss, and finds whose token it is [J3 J10]. */
void claims_check_iss(struct judging *judging);

/* Adds the finding for an unknown iss [J3], which names the secret that the signature fits: to be
 * called after the signature was checked. */
void claims_report_unknown_iss(struct judging *judging);

/* Judges iat, exp and nbf against verdict->now [J4 J6 J7 J8]. */
void claims_check_times(struct judging *judging);

#endif
