/* Judges a bare token, step by step [J2-J10 J13]. hm_token_verify() is in authorization.c, which
 * takes quotes and white space off first, and hm_authorization_verify() in token_memory.c. */
#ifndef CONTRACT_TOKEN_VERIFY_H
#define CONTRACT_TOKEN_VERIFY_H

#include "contract/judging.h"

/* Starts with an empty verdict, and the contract's defaults if @policy is NULL. */
void judging_init(struct judging *judging, struct hm_verdict *verdict,
                  const struct hm_secrets *secrets, const struct hm_token_policy *policy,
                  int64_t now);

/* Judges a token of at most HM_TOKEN_BYTES_MAX bytes. returns HM_OK whatever was found,
 * HM_NO_MEMORY */
HM_MUST_USE enum hm_code token_judge(struct judging *judging, struct span token,
                                     struct hm_error *err);

/* Sorts the findings and completes the verdict. returns HM_OK, HM_TOKEN_REFUSED */
HM_MUST_USE enum hm_code token_conclude(struct judging *judging, struct hm_error *err);

#endif
