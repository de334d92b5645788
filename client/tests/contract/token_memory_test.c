/* A remembered token is judged as one that is not: its bytes, its times, its secrets. */
#include "contract/token_memory.h"

#include "contract/secrets.h"
#include "tests/unit.h"

enum { IAT = 1713225600 };

static const char id[] = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa";
static const char key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK";

struct fixture {
    struct hm_secrets *secrets;
    struct token_memory memory;
    char value[TOKEN_REMEMBERED_BYTES];
};

static struct hm_secrets *secrets_of(const char *secret_key)
{
    struct hm_secrets *secrets = NULL;

    if (hm_secrets_new(&secrets, NULL) != HM_OK ||
        hm_secrets_add(secrets, id, secret_key, NULL) != HM_OK)
        return NULL;
    return secrets;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    char *token = NULL;

    *state = fixture;
    if (fixture == NULL || (fixture->secrets = secrets_of(key)) == NULL ||
        hm_token_sign(&token, id, key, IAT, NULL) != HM_OK)
        return -1;
    snprintf(fixture->value, sizeof fixture->value, "Bearer %s", token);
    free(token);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    hm_secrets_free(fixture->secrets);
    free(fixture);
    return 0;
}

/* The verdict with the memory, which must be the one without it. */
static enum hm_code judge(struct fixture *fixture, const struct hm_secrets *secrets, int64_t now)
{
    struct hm_verdict verdict, full;
    size_t length = strlen(fixture->value);
    enum hm_code code = token_memory_verify(&fixture->memory, &verdict, fixture->value, length,
                                            secrets, NULL, now, NULL);

    assert_int_equal(
        hm_authorization_verify(&full, fixture->value, length, secrets, NULL, now, NULL), code);
    assert_int_equal(verdict.is_good, full.is_good);
    assert_int_equal(verdict.secret, full.secret);
    assert_true(verdict.iat == full.iat && verdict.age_s == full.age_s);
    assert_int_equal(verdict.findings.count, full.findings.count);
    for (size_t i = 0; i < full.findings.count; i++)
        assert_string_equal(verdict.findings.at[i].message, full.findings.at[i].message);
    return code;
}

TEST(a_remembered_token_dies_in_its_second)
{
    struct fixture *fixture = *state;

    assert_int_equal(judge(fixture, fixture->secrets, IAT), HM_OK);
    assert_true(fixture->memory.length > 0);
    assert_int_equal(judge(fixture, fixture->secrets, IAT + 299), HM_OK);
    assert_int_equal(judge(fixture, fixture->secrets, IAT + 300), HM_TOKEN_REFUSED);
    assert_int_equal(judge(fixture, fixture->secrets, IAT - 60), HM_OK);
    assert_int_equal(judge(fixture, fixture->secrets, IAT - 61), HM_TOKEN_REFUSED);
}

TEST(another_byte_is_another_token)
{
    struct fixture *fixture = *state;
    size_t length = strlen(fixture->value);
    size_t good = 0;

    assert_int_equal(judge(fixture, fixture->secrets, IAT), HM_OK);
    for (size_t at = length - 60; at < length; at++) {
        fixture->value[at] ^= 1;
        good += judge(fixture, fixture->secrets, IAT) == HM_OK;
        fixture->value[at] ^= 1;
    }
    assert_int_equal(good, 0);
    assert_int_equal(judge(fixture, fixture->secrets, IAT), HM_OK);
}

TEST(another_set_of_secrets_forgets)
{
    struct fixture *fixture = *state;
    struct hm_secrets *others;

    assert_int_equal(judge(fixture, fixture->secrets, IAT), HM_OK);
    hm_secrets_free(fixture->secrets);
    fixture->secrets = NULL;
    others = secrets_of("FakeKeyFakeKeyFakeKeyFakeKey0002"); /* maybe where the first one was */
    assert_non_null(others);
    assert_int_equal(judge(fixture, others, IAT), HM_TOKEN_REFUSED);
    hm_secrets_free(others);
}

TEST(a_token_with_a_finding_is_not_remembered)
{
    struct fixture *fixture = *state;

    assert_int_equal(judge(fixture, fixture->secrets, IAT + 300), HM_TOKEN_REFUSED);
    assert_int_equal(fixture->memory.length, 0);
}

TEST(a_missing_header_and_an_unchecked_signature_pass_by_the_memory)
{
    struct fixture *fixture = *state;
    struct hm_token_policy policy = HM_TOKEN_POLICY_DEFAULT;
    struct hm_verdict verdict;

    assert_int_equal(judge(fixture, fixture->secrets, IAT), HM_OK);
    assert_int_equal(
        token_memory_verify(&fixture->memory, &verdict, NULL, 0, fixture->secrets, NULL, IAT, NULL),
        HM_TOKEN_REFUSED);
    policy.skips_signature = true;
    assert_int_equal(token_memory_verify(&fixture->memory, &verdict, fixture->value,
                                         strlen(fixture->value), fixture->secrets, &policy, IAT,
                                         NULL),
                     HM_OK);
    assert_int_equal(verdict.findings.count, 1); /* that it was not checked */
}

/* The names are skipped in a loop: a recursion would need a frame for each. */
TEST(a_long_header_needs_no_deep_stack)
{
    static const char name[] = "Authorization: ";
    enum { NAMES = 200000 };
    struct fixture *fixture = *state;
    size_t length = NAMES * strlen(name) + strlen(fixture->value);
    char *value = malloc(length + 1);
    struct hm_verdict verdict;

    assert_non_null(value);
    for (size_t i = 0; i < NAMES; i++)
        memcpy(value + i * strlen(name), name, sizeof name);
    memcpy(value + NAMES * strlen(name), fixture->value, strlen(fixture->value) + 1);
    assert_int_equal(
        hm_authorization_verify(&verdict, value, length, fixture->secrets, NULL, IAT, NULL),
        HM_TOKEN_REFUSED);
    assert_string_equal(hm_mistake_row(verdict.findings.at[0].mistake)->code, "scheme-unknown");
    free(value);
}

EACH_TEST_WITHIN(set_up, tear_down)
