/* The times in a token's claims [J4 J6 J7 J8]. */
#ifndef CONTRACT_TOKEN_CLAIMS_H
#define CONTRACT_TOKEN_CLAIMS_H

#include "contract/judging.h"

/* Judges iat, exp and nbf against verdict->now. */
void claims_check_times(struct judging *judging);

#endif
