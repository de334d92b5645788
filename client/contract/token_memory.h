/* The last good Authorization value, remembered by its bytes: a client sends one token with many
 * requests [J12], and its form, header and signature need not be judged again. Its times are judged
 * each time [J6 J7 J8]. One thread at a time: every worker has a memory of its own. */
#ifndef CONTRACT_TOKEN_MEMORY_H
#define CONTRACT_TOKEN_MEMORY_H

#include "contract/token_members.h"
#include <heymarket/token.h>

enum { TOKEN_REMEMBERED_BYTES = 512 }; /* a longer value is judged in full every time */

/* Zeroed: remembers nothing. */
struct token_memory {
    unsigned long long secrets; /* the set that judged it, by number: another one starts anew */
    size_t length;
    int secret;                 /* whose it is */
    struct token_claims claims; /* the numbers alone */
    char value[TOKEN_REMEMBERED_BYTES];
};

/* hm_authorization_verify(), with the same result, sooner for the value that @memory holds (NULL:
 * none). Only a value without any finding is remembered. */
HM_MUST_USE enum hm_code token_memory_verify(struct token_memory *memory,
                                             struct hm_verdict *verdict, const char *value,
                                             size_t length, const struct hm_secrets *secrets,
                                             const struct hm_token_policy *policy, int64_t now,
                                             struct hm_error *err);

#endif
