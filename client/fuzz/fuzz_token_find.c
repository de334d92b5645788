/* Fuzz target: the doctor: what its finder finds is judged as the doctor judges it. No text is
 * found twice. */
#include "fuzz/fuzz.h"

#include "contract/rfc3339.h"
#include "contract/token_find.h"
#include "transport/http.h"
#include <string.h>

/* Judging costs more than finding; what is wrong with tokens is fuzz_token.c's. */
enum { JUDGED_MAX = 4 };

static void token_judge(const struct found_token *token)
{
    struct hm_verdict verdict;
    int64_t sent;
    enum hm_code code = token->is_header_value
                            ? hm_authorization_verify(&verdict, token->text, token->length,
                                                      fuzz_secrets(), NULL, FUZZ_NOW, NULL)
                            : hm_token_verify(&verdict, token->text, token->length, fuzz_secrets(),
                                              NULL, FUZZ_NOW, NULL);

    verdict_check(code, &verdict);
    (void)(rfc3339_read(&sent, token->sent, strlen(token->sent)) ||
           http_date_read(&sent, token->sent, strlen(token->sent)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct found_tokens found;

    must(token_find(&found, (const char *)data, size, NULL) == HM_OK);
    must(found.count <= FOUND_TOKENS_MAX);
    for (size_t i = 0; i < found.count; i++) {
        const struct found_token *token = &found.at[i];

        must(token->length > 0 && token->length <= size && token->text[token->length] == '\0');
        for (size_t other = 0; other < i; other++)
            must(found.at[other].length != token->length ||
                 memcmp(found.at[other].text, token->text, token->length) != 0);
        if (i < JUDGED_MAX)
            token_judge(token);
    }
    found_tokens_fini(&found);
    return 0;
}
