#include "contract/token_memory.h"

#include "contract/authorization.h"
#include "contract/token_claims.h"
#include "contract/token_verify.h"
#include <string.h>

enum { SIGNATURE_CHARACTERS = 43 };

/* The signature is secret, so it is compared in constant time. */
static bool is_equal(const char *a, const char *b, size_t length)
{
    size_t open = length > SIGNATURE_CHARACTERS ? length - SIGNATURE_CHARACTERS : 0;

    return memcmp(a, b, open) == 0 && bytes_equal(a + open, b + open, length - open);
}

static bool is_remembered(const struct token_memory *memory, const char *value, size_t length,
                          const struct hm_secrets *secrets)
{
    return memory != NULL && memory->secrets == secrets->number && memory->length == length &&
           value != NULL && is_equal(memory->value, value, length);
}

static void remember(struct token_memory *memory, const struct judging *judging, const char *value,
                     size_t length)
{
    memory->secrets = judging->secrets->number;
    memory->length = length;
    memory->secret = judging->verdict->secret;
    memory->claims = judging->parts.claims;
    memory->claims.iss = (struct member){ 0 }; /* its text belongs to the token */
    memcpy(memory->value, value, length);
}

/* Without a finding the signature was checked and is right. A legacy key has no times to judge. */
static bool is_worth_it(const struct judging *judging, size_t length)
{
    return length <= TOKEN_REMEMBERED_BYTES && judging->verdict->is_good &&
           judging->findings->count == 0 && !judging->verdict->is_legacy;
}

enum hm_code token_memory_verify(struct token_memory *memory, struct hm_verdict *verdict,
                                 const char *value, size_t length, const struct hm_secrets *secrets,
                                 const struct hm_token_policy *policy, int64_t now,
                                 struct hm_error *err)
{
    struct judging judging;
    enum hm_code code;

    judging_init(&judging, verdict, secrets, policy, now);
    if (!judging.policy->skips_signature && is_remembered(memory, value, length, secrets)) {
        verdict->secret = memory->secret;
        judging.parts.claims = memory->claims;
        judging.parts.payload = (struct span){ NULL, 0 };
        claims_check_times(&judging);
        return token_conclude(&judging, err);
    }
    code = bearer_judge(&judging, value, length, err);
    if (code != HM_OK)
        return code;
    code = token_conclude(&judging, err);
    if (memory != NULL && is_worth_it(&judging, length))
        remember(memory, &judging, value, length);
    return code;
}

enum hm_code hm_authorization_verify(struct hm_verdict *verdict, const char *value, size_t length,
                                     const struct hm_secrets *secrets,
                                     const struct hm_token_policy *policy, int64_t now,
                                     struct hm_error *err)
{
    return token_memory_verify(NULL, verdict, value, length, secrets, policy, now, err);
}
