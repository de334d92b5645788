/* The last good Authorization value. A client sends the same token with many requests [J12], so its
 * form, header and signature need not be judged again; its times are judged each time [J6 J7 J8].
 * For one thread at a time: every worker has its own. */
#ifndef CONTRACT_TOKEN_MEMORY_H
#define CONTRACT_TOKEN_MEMORY_H

#include "contract/token_members.h"
#include <heymarket/token.h>

enum { TOKEN_REMEMBERED_BYTES = 512 }; /* a longer value is judged in full every time */

/* Zeroed: remembers nothing. */
struct token_memory {
    unsigned long long secrets; /* number of the set that judged it */
    size_t length;
    int secret;                 /* its index in the set */
    struct token_claims claims; /* only the numbers */
    char value[TOKEN_REMEMBERED_BYTES];
};

/* hm_authorization_verify(), with the same result, but faster for the value in @memory (NULL:
 * none). Only a value without any finding is remembered. */
HM_MUST_USE enum hm_code token_memory_verify(struct token_memory *memory,
                                             struct hm_verdict *verdict, const char *value,
                                             size_t length, const struct hm_secrets *secrets,
                                             const struct hm_token_policy *policy, int64_t now,
                                             struct hm_error *err);

#endif
