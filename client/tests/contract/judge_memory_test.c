/* Every allocation of judging, and of finding what to judge, fails once: HM_NO_MEMORY, or the same
 * verdict, and nothing leaks (AddressSanitizer watches). A good token is never refused for it. */
#include <heymarket/token.h>

#include "contract/channel_rules.h"
#include "contract/operation_answer.h"
#include "contract/token_find.h"
#include "contract/token_memory.h"
#include "tests/failing_memory.h"
#include "tests/unit.h"
#include <jansson.h>
#include <openssl/crypto.h>
enum { IAT = 1713225600, NOW = IAT + 10, VALUE_BYTES = 1024 };

static const char id[] = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa";
static const char key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK";
static struct hm_secrets *secrets;
static char *good;

static enum hm_code sign(struct hm_error *err)
{
    char *token;
    enum hm_code code = hm_token_sign(&token, id, key, IAT, err);

    free(token);
    return code;
}

static enum hm_code inspect(struct hm_error *err)
{
    struct hm_token token;
    enum hm_code code = hm_token_inspect(&token, good, strlen(good), err);

    if (code == HM_OK)
        hm_token_fini(&token);
    return code;
}

static enum hm_code add_secrets(struct hm_error *err)
{
    struct hm_secrets *made = NULL;
    enum hm_code code = hm_secrets_new(&made, err);

    if (code == HM_OK)
        code = hm_secrets_add(made, id, key, err);
    if (code == HM_OK)
        code = hm_secrets_add_legacy_key(made, "0123456789abcdef", err);
    hm_secrets_free(made);
    return code;
}

/* What a verdict may be for lack of memory: none, or the one that it is. */
static enum hm_code verdict_of(enum hm_code code, enum hm_code expected, struct hm_error *err)
{
    if (code == expected)
        return HM_OK;
    return code == HM_NO_MEMORY ? code : hm_error_set(err, HM_INTERNAL, "code %d", code);
}

static enum hm_code verify_good(struct hm_error *err)
{
    struct hm_verdict verdict;

    return verdict_of(hm_token_verify(&verdict, good, strlen(good), secrets, NULL, NOW, err), HM_OK,
                      err);
}

static enum hm_code verify_good_with_a_memory(struct hm_error *err)
{
    struct token_memory memory = { 0 };
    struct hm_verdict verdict;
    char value[VALUE_BYTES] = "Bearer ";
    enum hm_code code = HM_OK;

    strncat(value, good, VALUE_BYTES - strlen(value) - 1);
    for (int i = 0; i < 2 && code == HM_OK; i++)
        code = verdict_of(
            token_memory_verify(&memory, &verdict, value, strlen(value), secrets, NULL, NOW, err),
            HM_OK, err);
    return code;
}

/* Claims in another order are read as a tree. */
static const char reordered[] =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MTMyMjU2MDAsICJpc3MiOiI3NGY4MGE3Ny05YjNmLTQ0"
    "YWMtYjNhZC1hYjY4Y2ZiNTQ4ZmEifQ.--4lN2Mhts3LPgWPsSpSfGFiYdfSRmSk3DRu9nrZv74";

static enum hm_code verify_reordered(struct hm_error *err)
{
    struct hm_verdict verdict;

    return verdict_of(
        hm_token_verify(&verdict, reordered, strlen(reordered), secrets, NULL, NOW, err), HM_OK,
        err);
}

static enum hm_code inspect_reordered(struct hm_error *err)
{
    struct hm_token token;
    enum hm_code code = hm_token_inspect(&token, reordered, strlen(reordered), err);

    if (code == HM_OK)
        hm_token_fini(&token);
    return code;
}

/* Nothing is wrong with the answer but an unknown member. */
static enum hm_code check_answer(struct hm_error *err)
{
    static const char body[] =
        "[{\"id\":1,\"team_id\":1,\"contact_id\":1,\"channel_type\":\"phone\",\"channel_id\":\"1\","
        "\"info_channel\":\"\",\"channel_handle\":\"\",\"created\":\"2024-04-16T00:00:00Z\","
        "\"updated\":\"2024-04-16T00:00:00Z\",\"more\":[true,{}]}]";
    const struct operation_answer answer = { "application/json", body, strlen(body) };
    struct answer_breaches breaches;
    enum hm_code code = operation_answer_check(NULL, operation_row(OPERATION_CHANNEL_CREATE), NULL,
                                               &answer, NULL, &breaches, err);

    if (code == HM_OK && breaches.total > 0)
        code = hm_error_set(err, HM_INTERNAL, "%s", breaches.at[0].text);
    return code;
}

/* Claims in another order, too; the signature is right for neither. */
static enum hm_code verify_refused(struct hm_error *err)
{
    static const char *const tokens[] = {
        ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MTMyMjU2MDAsICJpc3MiOiI3NGY4MGE3Ny05YjNm"
         "LTQ0YWMtYjNhZC1hYjY4Y2ZiNTQ4ZmEifQ.sWLRg-YlFnPpP99prTT_IpgvMALyFmjYtlnfGEeahS0"),
        "eyJhbGciOiJub25lIn0.e30.",
        "b'eyJ4.y.z'",
        "undefined",
    };
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0] && code == HM_OK; i++) {
        struct hm_verdict verdict;

        code = verdict_of(
            hm_token_verify(&verdict, tokens[i], strlen(tokens[i]), secrets, NULL, NOW, err),
            HM_TOKEN_REFUSED, err);
    }
    return code;
}

static enum hm_code find(struct hm_error *err)
{
    static const char *const texts[] = {
        ("{\"log\":{\"entries\":[{\"startedDateTime\":\"2026-11-22T20:00:00Z\",\"request\":{"
         "\"headers\":[{\"name\":\"Authorization\",\"value\":\"Bearer a.b.c\"}]}}]}}"),
        "> POST /v2 HTTP/1.1\n> Authorization: Bearer eyJ4.y.z\n< Date: x\nTOKEN=eyJ1.b.c\n",
        "eyJhbGciOiJub25lIn0.e30.",
        "\xff\xfe>\0 \0e\0y\0J\0.\0a\0.\0b\0",
    };
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && code == HM_OK; i++) {
        struct found_tokens found;
        size_t length = texts[i][0] == '\xff' ? 18 : strlen(texts[i]);

        code = token_find(&found, texts[i], length, err);
        if (code == HM_OK && found.count == 0 && !has_allocation_failed)
            code = hm_error_set(err, HM_INTERNAL, "nothing found in text %zu", i);
        found_tokens_fini(&found);
    }
    return code;
}

TEST(signing_and_judging_survive_each_failed_allocation)
{
    assert_in_range(allocations_survived(sign), 2, 100);
    assert_in_range(allocations_survived(inspect), 3, 100);
    assert_in_range(allocations_survived(add_secrets), 5, 100);
    assert_in_range(allocations_survived(verify_good), 0, 100);
    assert_in_range(allocations_survived(verify_good_with_a_memory), 0, 100);
    assert_in_range(allocations_survived(verify_refused), 1, 1000);
    assert_in_range(allocations_survived(verify_reordered), 1, 100);
    assert_in_range(allocations_survived(inspect_reordered), 1, 100);
    assert_in_range(allocations_survived(check_answer), 1, 200);
}

TEST(finding_survives_each_failed_allocation)
{
    assert_in_range(allocations_survived(find), 8, 100);
}

/* The linker wraps only what is linked statically; OpenSSL and jansson have hooks. */
static void *openssl_malloc(size_t bytes, const char *file, int line)
{
    (void)file;
    (void)line;
    return malloc(bytes);
}

static void *openssl_realloc(void *old, size_t bytes, const char *file, int line)
{
    (void)file;
    (void)line;
    return realloc(old, bytes);
}

static void openssl_free(void *old, const char *file, int line)
{
    (void)file;
    (void)line;
    free(old);
}

/* jansson does not notice that its buffer for a string's text cannot grow (to 32 and then 64
 * bytes), and returns a shorter string; nobody can tell. */
static void *jansson_malloc(size_t bytes)
{
    int left = allocations_left;
    void *made;

    if (bytes != 32 && bytes != 64)
        return malloc(bytes);
    allocations_left = -1;
    made = malloc(bytes);
    allocations_left = left;
    return made;
}

static int set_up(void **state)
{
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1)
        return -1;
    json_set_alloc_funcs(jansson_malloc, free);
    return hm_secrets_new(&secrets, NULL) == HM_OK &&
                   hm_secrets_add(secrets, id, key, NULL) == HM_OK &&
                   hm_token_sign(&good, id, key, IAT, NULL) == HM_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    hm_secrets_free(secrets);
    free(good);
    return 0;
}

ALL_TESTS_WITHIN(set_up, tear_down)
