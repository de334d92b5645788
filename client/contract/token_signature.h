/* The signature of a token: right, or the mistake that reproduces it [J5]. */
#ifndef CONTRACT_TOKEN_SIGNATURE_H
#define CONTRACT_TOKEN_SIGNATURE_H

#include "contract/judging.h"

/* Judges the signature. Only if the right key has failed are the wrong ones tried
 * (key_recovery.h). returns HM_OK whatever was found, HM_NO_MEMORY */
HM_MUST_USE enum hm_code signature_check(struct judging *judging, struct hm_error *err);

#endif
