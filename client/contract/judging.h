/* What is known while one token is judged. The steps are in authorization.c, token_verify.c,
 * token_claims.c and token_signature.c. */
#ifndef CONTRACT_JUDGING_H
#define CONTRACT_JUDGING_H

#include "contract/secrets.h"
#include "contract/token_parts.h"
#include <heymarket/token.h>

struct judging {
    struct hm_verdict *verdict;
    struct hm_findings *findings; /* the verdict's */
    const struct hm_secrets *secrets;
    const struct hm_token_policy *policy;
    const struct secret *secret;  /* that iss names, or (is_presumed) that it was meant to name */
    bool is_presumed;             /* iss is wrong in a way that still shows which secret is meant */
    const struct secret *claimed; /* iss is unknown: the secret that verifies the token [J3] */
    bool is_iss_unknown;
    struct token_parts parts; /* last: it is large, and set by token_parts_read() */
};

#endif
