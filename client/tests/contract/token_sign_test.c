/* Signing: the published sample, and what must not be signed. */
#include <heymarket/token.h>

#include "contract/base64url.h"
#include "contract/hmac.h"
#include "tests/unit.h"

static const char id[] = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa";
static const char key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK";

/* Made with the openssl command line: printf %s "$INPUT" | openssl dgst -sha256 -hmac "$ID||$KEY".
 */
static const char sample_token[] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                                   "eyJpc3MiOiI3NGY4MGE3Ny05YjNmLTQ0YWMtYjNhZC1hYjY4Y2ZiNTQ4ZmEi"
                                   "LCJpYXQiOjE3MTMyMjU2MDB9."
                                   "sWLRg-YlFnPpP99prTT_IpgvMALyFmjYtlnfGEeahS0";

TEST(signs_the_published_sample)
{
    char *token = NULL;

    assert_int_equal(hm_token_sign(&token, id, key, 1713225600, NULL), HM_OK);
    assert_string_equal(token, sample_token);
    free(token);
}

/* Signs a token at @iat and verifies it at @now. */
static enum hm_code sign_and_verify(struct hm_verdict *verdict, const char *secret_id,
                                    const char *secret_key, int64_t iat, int64_t now)
{
    struct hm_secrets *secrets = NULL;
    enum hm_code code;
    char *token = NULL;

    assert_int_equal(hm_secrets_new(&secrets, NULL), HM_OK);
    assert_int_equal(hm_secrets_add(secrets, secret_id, secret_key, NULL), HM_OK);
    assert_int_equal(hm_token_sign(&token, secret_id, secret_key, iat, NULL), HM_OK);
    code = hm_token_verify(verdict, token, strlen(token), secrets, NULL, now, NULL);
    free(token);
    hm_secrets_free(secrets);
    return code;
}

TEST(a_signed_token_verifies)
{
    struct hm_verdict verdict;

    assert_int_equal(sign_and_verify(&verdict, id, key, 1000, 1299), HM_OK);
    assert_true(verdict.is_good);
    assert_int_equal(verdict.findings.count, 0);
    assert_int_equal(verdict.secret, 0);
}

TEST(refuses_halves_that_cannot_be_right)
{
    char *token = NULL;
    char long_key[HM_SECRET_BYTES_MAX + 2];

    memset(long_key, 'k', sizeof long_key - 1);
    long_key[sizeof long_key - 1] = '\0';
    assert_int_equal(hm_token_sign(&token, "", key, 1, NULL), HM_BAD_ARGUMENT);
    assert_null(token);
    assert_int_equal(hm_token_sign(&token, id, "", 1, NULL), HM_BAD_ARGUMENT);
    assert_int_equal(hm_token_sign(&token, id, long_key, 1, NULL), HM_BAD_ARGUMENT);
    assert_int_equal(hm_token_sign(&token, "\xFF", key, 1, NULL), HM_BAD_ARGUMENT);
    assert_null(token);
}

TEST(keeps_every_byte_of_odd_halves)
{
    struct hm_verdict verdict;

    assert_int_equal(sign_and_verify(&verdict, "i\"d\n", " k\xC3\xA9y+/=|\t", -5, 0), HM_OK);
}
