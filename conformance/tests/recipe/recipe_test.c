#include "tests/suite_test.h"

#include "cases/layer.h"
#include "recipe/marks.h"
#include "recipe/names.h"
#include "recipe/recipe.h"
#include <heymarket/token.h>

enum { NOW = 1713225600 };

#define SECOND_ID  "11111111-2222-4333-8444-555555555555"
#define SECOND_KEY "secondsecondsecondsecondsecond12"

static char first_id[] = TEST_ID;
static char first_key[] = TEST_KEY;
static char second_id[] = SECOND_ID;
static char second_key[] = SECOND_KEY;
static const struct names names = {
    .origin = "the test",
    .secrets = { { first_id, { { first_key } } }, { second_id, { { second_key } } } },
};

/* Follows a recipe given as text. */
static enum hm_code follow(struct authorization *authorization, const char *text)
{
    json_t *layer = json_loads(text, 0, NULL);
    json_t *base = layer_base(LAYER_TOKEN);
    json_t *recipe = layer_over(LAYER_TOKEN, base, layer);
    enum hm_code code = recipe_make(authorization, recipe, &names, NOW, NULL);

    json_decref(layer);
    json_decref(base);
    json_decref(recipe);
    return code;
}

static bool is_fit(const char *text)
{
    json_t *recipe = json_loads(text, 0, NULL);
    const bool is_fit = recipe_unfit(recipe, &names) == NULL;

    assert_non_null(recipe);
    json_decref(recipe);
    return is_fit;
}

TEST(makes_the_token_that_the_library_signs)
{
    struct authorization authorization;
    char *token = NULL;
    char expected[1024];

    assert_int_equal(follow(&authorization, "{}"), HM_OK);
    assert_int_equal(hm_token_sign(&token, TEST_ID, TEST_KEY, NOW, NULL), HM_OK);
    (void)snprintf(expected, sizeof expected, "Bearer %s", token);
    free(token);
    assert_int_equal(authorization.count, 1);
    assert_string_equal(authorization.at[0], expected);
    authorization_fini(&authorization);
}

/* A deviation, and the token engine's finding; "": none. */
static const struct {
    const char *recipe;
    const char *mistake;
} deviations[] = {
    { "{\"use\":\"second\"}", "" },
    { "{\"secret\":{\"sha256\":true}}", "" },
    { "{\"secret\":{\"part\":\"id\"}}", "secret-id-alone" },
    { "{\"secret\":{\"part\":\"key\"}}", "secret-key-alone" },
    { "{\"secret\":{\"part\":\"none\"}}", "secret-empty" },
    { "{\"secret\":{\"join\":\":\"}}", "secret-joined-with-colon" },
    { "{\"secret\":{\"join\":\"\"}}", "secret-joined-with-nothing" },
    { "{\"secret\":{\"join\":\"|\"}}", "secret-joined-with-pipe" },
    { "{\"secret\":{\"join\":\"\\\\|\\\\|\"}}", "secret-pipes-escaped" },
    { "{\"secret\":{\"swap\":true}}", "secret-swapped" },
    { "{\"secret\":{\"append\":\"\\n\"}}", "secret-whitespace" },
    { "{\"secret\":{\"prepend\":\"\\ufeff\"}}", "secret-bom" },
    { "{\"secret\":{\"prepend\":\"\\\"\",\"append\":\"\\\"\"}}", "secret-quoted" },
    { "{\"secret\":{\"cut\":64}}", "secret-truncated" },
    { "{\"secret\":{\"skip\":1}}", "secret-character-lost" },
    { "{\"secret\":{\"encode_key\":\"hex\"}}", "secret-hex-encoded" },
    { "{\"secret\":{\"decode\":\"hex\"}}", "secret-hex-decoded" },
    { "{\"secret\":{\"decode\":\"base64\"}}", "secret-base64-decoded" },
    { "{\"secret\":{\"text\":\"something else\"}}", "signature-unknown" },
    { "{\"secret\":{\"key_of\":\"second\"}}", "signature-by-other-secret" },
    { "{\"header\":{\"alg\":\"none\"}}", "alg-none" },
    { "{\"header\":{\"alg\":null}}", "alg-missing" },
    { "{\"header_text\":\"{\"}", "header-not-json" },
    { "{\"claims\":{\"iss\":null}}", "iss-missing" },
    { "{\"claims\":{\"iss\":{\"of\":\"key\"}}}", "iss-is-key" },
    { "{\"claims\":{\"iss\":{\"of\":\"signing-secret\"}}}", "iss-is-signing-secret" },
    { "{\"claims\":{\"iss\":{\"append\":\" \"}}}", "iss-has-whitespace" },
    { "{\"claims\":{\"iss\":{\"case\":\"upper\"}}}", "iss-letter-case" },
    { "{\"claims\":{\"iss\":{\"cut\":35}}}", "iss-miscopied" },
    { "{\"claims\":{\"iss\":{\"encode\":\"base64\"}}}", "iss-unknown" },
    { "{\"claims\":{\"iss\":7}}", "iss-not-string" },
    { "{\"claims\":{\"iat\":null}}", "iat-missing" },
    { "{\"claims\":{\"iat\":{\"offset\":-299}}}", "" },
    { "{\"claims\":{\"iat\":{\"offset\":-300}}}", "expired" },
    { "{\"claims\":{\"iat\":{\"offset\":61}}}", "iat-in-future" },
    { "{\"claims\":{\"iat\":{\"offset\":0,\"unit\":\"ms\"}}}", "iat-milliseconds" },
    { "{\"claims\":{\"iat\":{\"offset\":0,\"unit\":\"us\"}}}", "iat-microseconds" },
    { "{\"claims\":{\"iat\":{\"offset\":0,\"as\":\"string\"}}}", "iat-string" },
    { "{\"claims\":{\"exp\":{\"offset\":-1}}}", "exp-passed" },
    { "{\"claims_text\":\"[]\"}", "payload-not-json" },
    { "{\"signature\":{\"hash\":\"sha512\"}}", "signature-other-hash" },
    { "{\"signature\":{\"encoding\":\"hex\"}}", "signature-hex" },
    { "{\"signature\":{\"encoding\":\"hex-base64url\"}}", "signature-hex" },
    { "{\"signature\":{\"encoding\":\"base64\"}}", "signature-standard-base64" },
    { "{\"signature\":{\"cut\":20}}", "signature-truncated" },
    { "{\"signature\":{\"none\":true}}", "signature-missing" },
    { "{\"signature\":{\"flip\":true}}", "signature-unknown" },
    { "{\"signature\":{\"input_append\":\"\\n\"}}", "signing-input-newline" },
    { "{\"tamper\":{\"iss\":{\"of\":\"key\"}}}", "iss-is-key" },
    { "{\"tamper\":{\"iat\":null}}", "iat-missing" },
    { "{\"segments\":2}", "token-segments" },
    { "{\"segments\":4}", "token-segments" },
    { "{\"segments\":\"padded\",\"claims\":{\"pad\":\"x\"}}", "segment-padded" },
    { "{\"segments\":\"standard-alphabet\",\"claims\":{\"x\":\">>>~~~\"}}",
      "segment-standard-alphabet" },
    { "{\"authorization\":\"{token}\"}", "scheme-missing" },
    { "{\"authorization\":\"Bearer Bearer {token}\"}", "bearer-doubled" },
    { "{\"authorization\":\"Bearer {KEY}\"}", "legacy-api-key" },
};

static bool is_said(const struct hm_verdict *verdict, const char *mistake)
{
    if (!*mistake)
        return verdict->is_good;
    for (size_t i = 0; i < verdict->findings.count; i++) {
        if (strcmp(hm_mistake_row(verdict->findings.at[i].mistake)->code, mistake) == 0)
            return true;
    }
    return false;
}

TEST(deviates_as_the_token_engine_sees_it)
{
    struct hm_secrets *secrets = NULL;
    struct hm_verdict *verdict = calloc(1, sizeof *verdict);
    struct authorization authorization;
    size_t failed = 0;

    assert_non_null(verdict);
    assert_int_equal(hm_secrets_new(&secrets, NULL), HM_OK);
    assert_int_equal(hm_secrets_add(secrets, TEST_ID, TEST_KEY, NULL), HM_OK);
    assert_int_equal(hm_secrets_add(secrets, SECOND_ID, SECOND_KEY, NULL), HM_OK);
    for (size_t i = 0; i < sizeof deviations / sizeof *deviations; i++) {
        const char *value = NULL;
        enum hm_code code = follow(&authorization, deviations[i].recipe);

        value = authorization.count == 1 ? authorization.at[0] : "";
        if (code == HM_OK)
            code = hm_authorization_verify(verdict, value, strlen(value), secrets, NULL, NOW, NULL);
        if ((code != HM_OK && code != HM_TOKEN_REFUSED) ||
            !is_said(verdict, deviations[i].mistake)) {
            print_message(
                "%s: expected %s, found %s\n", deviations[i].recipe, deviations[i].mistake,
                verdict->findings.count > 0 ? hm_mistake_row(verdict->findings.at[0].mistake)->code
                                            : "nothing");
            failed++;
        }
        authorization_fini(&authorization);
    }
    hm_secrets_free(secrets);
    free(verdict);
    assert_int_equal(failed, 0);
}

TEST(sends_a_list_once_each_and_null_not_at_all)
{
    struct authorization authorization;

    assert_int_equal(follow(&authorization, "{\"authorization\":[\"A {ID}\",\"B\"]}"), HM_OK);
    assert_int_equal(authorization.count, 2);
    assert_string_equal(authorization.at[0], "A " TEST_ID);
    assert_string_equal(authorization.at[1], "B");
    authorization_fini(&authorization);
    assert_int_equal(follow(&authorization, "{\"authorization\":null}"), HM_OK);
    assert_int_equal(authorization.count, 0);
    authorization_fini(&authorization);
}

TEST(encodes_what_is_in_braces)
{
    struct authorization authorization;

    assert_int_equal(follow(&authorization,
                            "{\"authorization\":[\"Basic {base64:a:bc}\",\"{hex:{ID}}\","
                            "\"{percent:a-b c}{\",\"{base64:\",\"{rot13:x}\"]}"),
                     HM_OK);
    assert_int_equal(authorization.count, 5);
    assert_string_equal(authorization.at[0], "Basic YTpiYw==");
    assert_int_equal(strlen(authorization.at[1]), 72);
    assert_int_equal(strncmp(authorization.at[1], "3734663830613737", 16), 0);
    assert_string_equal(authorization.at[2], "a%2Db%20c{");
    assert_string_equal(authorization.at[3], "{base64:");
    assert_string_equal(authorization.at[4], "{rot13:x}");
    authorization_fini(&authorization);
}

TEST(refuses_a_recipe_that_changes_nothing)
{
    struct authorization authorization;

    assert_int_equal(follow(&authorization, "{\"segments\":\"standard-alphabet\"}"), HM_BAD_INPUT);
    assert_int_equal(follow(&authorization, "{\"use\":\"other-team\"}"), HM_BAD_INPUT);
}

TEST(is_unfit_if_the_token_stays_right)
{
    assert_true(is_fit("{}"));
    assert_true(is_fit("{\"secret\":{\"cut\":69}}"));
    assert_true(is_fit("{\"secret\":{\"cut\":-1}}"));
    assert_false(is_fit("{\"secret\":{\"cut\":70}}"));
    assert_false(is_fit("{\"secret\":{\"join\":\"||\"}}"));
    assert_true(is_fit("{\"claims\":{\"iss\":{}}}"));
    assert_true(is_fit("{\"claims\":{\"iss\":{\"cut\":35}}}"));
    assert_false(is_fit("{\"claims\":{\"iss\":{\"cut\":36}}}"));
    assert_false(is_fit("{\"claims\":{\"iss\":{\"append\":\"\"}}}"));
}

TEST(makes_equal_tokens_of_equal_recipes)
{
    struct authorization one;
    struct authorization other;

    assert_int_equal(follow(&one, "{}"), HM_OK);
    assert_int_equal(follow(&other, "{\"claims\":{\"iat\":{\"offset\":0}}}"), HM_OK);
    assert_string_equal(one.at[0], other.at[0]);
    authorization_fini(&one);
    authorization_fini(&other);
}

TEST(replaces_marks_with_fresh_values)
{
    static const char text[] = "$email $email:1 $email:1 $email:2 $phone:1 $phone:1 $emai";
    struct marks run = { .run = "deadbeef", .phones = 12345 };
    struct case_marks marks = { .run = &run };
    struct buf out;

    buf_init(&out, 1000);
    marks_expand(&out, text, strlen(text), &marks);
    assert_string_equal(buf_text(&out), "hm-deadbeef-1@example.com hm-deadbeef-2@example.com "
                                        "hm-deadbeef-2@example.com hm-deadbeef-3@example.com "
                                        "13235550146 13235550146 $emai");
    buf_fini(&out);
}
