/* Whose token it is: the claim iss, and what people put there instead of the API Secret ID [J3
 * J10]. */
#ifndef CONTRACT_TOKEN_ISSUER_H
#define CONTRACT_TOKEN_ISSUER_H

#include "contract/judging.h"

/* Judges iss, and finds the secret that it names or was meant to name. */
void issuer_check(struct judging *judging);

/* Adds the finding for an unknown iss, which names the secret that the signature fits: to be called
 * after the signature was checked. */
void issuer_report_unknown(struct judging *judging);

#endif
