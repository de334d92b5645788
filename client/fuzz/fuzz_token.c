/* Fuzz target: a header value, judged and inspected. The one thing that must hold besides not
 * crashing: nothing verifies that was not signed. (The corpus holds no valid token for its clock.)
 */
#include <heymarket/token.h>

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hm_secrets *secrets;
    struct hm_verdict verdict;
    struct hm_token token;
    struct hm_error err;

    if (secrets == NULL && (hm_secrets_new(&secrets, NULL) != HM_OK ||
                            hm_secrets_add(secrets, "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa",
                                           "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK", NULL) != HM_OK))
        abort();
    if (hm_authorization_verify(&verdict, (const char *)data, size, secrets, NULL, 0, &err) ==
        HM_OK)
        abort();
    if (hm_token_inspect(&token, (const char *)data, size, &err) == HM_OK)
        hm_token_fini(&token);
    return 0;
}
