/* The steps of judging a token, between token_verify.c, which strings them together, and the files
 * that know a part of the contract each. */
#ifndef CONTRACT_TOKEN_JUDGE_H
#define CONTRACT_TOKEN_JUDGE_H

#include "contract/secrets.h"
#include "contract/token_parts.h"
#include <heymarket/token.h>

/* What is known while one token is judged. */
struct judging {
    struct hm_verdict *verdict;
    struct hm_findings *findings; /* the verdict's */
    const struct hm_secrets *secrets;
    const struct hm_token_policy *policy;
    const struct secret *secret;  /* whose iss it is, or (is_presumed) whose it was meant to be */
    bool is_presumed;             /* iss is wrong in a way that still shows which secret is meant */
    const struct secret *claimed; /* an unknown iss: the secret that verifies all the same [J3] */
    bool is_iss_unknown;
    struct token_parts parts; /* last: it is large, and set by token_parts_read() */
};

/* Is it what a language prints in place of a token that it does not have: undefined, None, [object
 * ...? */
bool is_printed_value(const char *text, size_t length);

/* Starts judging: an empty verdict, and the contract's defaults where @policy is NULL. */
void judging_init(struct judging *judging, struct hm_verdict *verdict,
                  const struct hm_secrets *secrets, const struct hm_token_policy *policy,
                  int64_t now);

/* Judges iss, and finds whose token it is [J3 J10]. */
void claims_check_iss(struct judging *judging);

/* Says that iss is unknown, and, once the signature has been tried, whose it is [J3]. */
void claims_report_unknown_iss(struct judging *judging);

/* Judges iat, exp and nbf against verdict->now [J4 J6 J7 J8]. */
void claims_check_times(struct judging *judging);

/* Judges the signature: right, or which mistake reproduces it [J5]. */
HM_MUST_USE enum hm_code signature_check(struct judging *judging, struct hm_error *err);

/* Judges a bare token [J2-J10 J13]: what hm_token_verify() and hm_authorization_verify() share. */
HM_MUST_USE enum hm_code token_judge(struct judging *judging, const char *token, size_t length,
                                     struct hm_error *err);

/* Judges the value of an Authorization header, NULL for one that is not there [J1], and the token
 * in it. */
HM_MUST_USE enum hm_code bearer_judge(struct judging *judging, const char *value, size_t length,
                                      struct hm_error *err);

/* Ends judging: sorts the findings and turns them into the verdict and a result code. */
HM_MUST_USE enum hm_code token_conclude(struct judging *judging, struct hm_error *err);

/* The text of a credential as it was meant, quotes, b'...' and blanks taken off with a finding each
 * [J1]. @room holds HM_TOKEN_BYTES_MAX bytes. False: there is no token left to judge. */
bool credential_clean(struct judging *judging, struct span *token, char *room);

#endif
