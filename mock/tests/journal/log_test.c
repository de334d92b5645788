/* One line a request, and nothing secret in it. */
#include "journal/log.h"

#include "contract/redact.h"
#include "store/store.h"
#include "tests/stage.h"
#include "tests/unit.h"

#define BODY "{\"channel_type\":\"email\",\"channel_id\":\"l@example.com\"}"
#define KEY  "FakeKeyOfTeamOneFakeKeyOfTeamOne"
#define ID   "11111111-1111-4111-8111-111111111111"

enum { LINE_BYTES_MAX = 64 * 1024 };

STAGE_TEST(text_is_a_line_for_people)
{
    struct stage *stage = *state;
    char expected[256];
    struct buf line;

    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
    stage_sign(stage, ID, KEY, STAGE_NOW - 400);
    dispatch_run(stage->x);
    buf_init(&line, LINE_BYTES_MAX);
    log_text(&line, stage->x, 113);
    snprintf(expected, sizeof expected, "2024-04-16T00:00:00Z POST %s 401 113us J6 expired %s\n",
             STAGE_PATH(STAGE_ADA), stage->x->request_id);
    assert_string_equal(buf_text(&line), expected);
    buf_fini(&line);
}

static json_t *json_line(struct stage *stage)
{
    struct buf line;
    json_t *parsed;

    buf_init(&line, LINE_BYTES_MAX);
    log_json(&line, stage->x, 113);
    parsed = json_loadb(line.data, line.length, JSON_REJECT_DUPLICATES, NULL);
    buf_fini(&line);
    return parsed;
}

static const char *text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

STAGE_TEST(json_is_an_exchange_without_its_body)
{
    static const char *const members[] = {
        "v",    "request_id", "time",     "method", "path",   "at_us", "status",   "us",
        "team", "contact",    "findings", "header", "claims", "fault", "operation"
    };
    struct stage *stage = *state;
    const json_t *claims, *header;
    json_t *line;

    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA),
                  "{\"channel_type\":\"pigeon\",\"channel_id\":\"x\"}");
    dispatch_run(stage->x);
    line = json_line(stage);
    assert_non_null(line);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        assert_non_null(json_object_get(line, members[i]));
    assert_int_equal(json_object_size(line), sizeof members / sizeof members[0]);
    assert_string_equal(text_at(line, "request_id"), stage->x->request_id);
    assert_string_equal(text_at(line, "contact"), STAGE_ADA);
    assert_int_equal(json_integer_value(json_object_get(line, "status")), 200);
    assert_int_equal(json_integer_value(json_object_get(line, "team")), 1);
    header = json_object_get(line, "header");
    claims = json_object_get(line, "claims");
    assert_string_equal(text_at(header, "alg"), "HS256");
    assert_string_equal(text_at(claims, "iss"), ID);
    assert_int_equal(json_integer_value(json_object_get(claims, "iat")), STAGE_NOW);
    assert_string_equal(text_at(json_array_get(json_object_get(line, "findings"), 0), "severity"),
                        "warned");
    json_decref(line);
}

STAGE_TEST(control_characters_are_escaped)
{
    struct stage *stage = *state;
    struct buf line;

    stage_request(stage, "P\x1b[31mST", "/\x1b]0;evil\x07/\xc2\x9b", NULL);
    dispatch_run(stage->x);
    buf_init(&line, LINE_BYTES_MAX);
    log_text(&line, stage->x, 1);
    for (size_t i = 0; i + 1 < line.length; i++)
        assert_true((unsigned char)line.data[i] >= 0x20 && (unsigned char)line.data[i] < 0x7F);
    buf_fini(&line);
}

STAGE_TEST(a_request_that_never_was_one_has_dashes)
{
    struct stage *stage = *state;
    struct buf line;

    exchange_begin(stage->x);
    dispatch_refuse(stage->x, 400, HM_T8_REQUEST_MALFORMED, "not HTTP");
    buf_init(&line, LINE_BYTES_MAX);
    log_text(&line, stage->x, 1);
    assert_non_null(strstr(buf_text(&line), "Z - - 400 1us T8 request-malformed "));
    buf_fini(&line);
}

/* What token_redact() makes of a value, as text: header, a space, claims. free() it. */
static char *redacted(struct stage *stage, const char *value)
{
    json_t *header, *claims;
    char *header_text, *claims_text, *both;
    size_t length = value == NULL ? 0 : strlen(value);

    token_redact(&header, &claims, value, length,
                 store_secrets(stage->mock.main.slot.present->store));
    header_text = json_dumps(header, JSON_COMPACT | JSON_ENCODE_ANY);
    claims_text = json_dumps(claims, JSON_COMPACT | JSON_ENCODE_ANY);
    length = strlen(header_text) + strlen(claims_text) + 2;
    both = malloc(length);
    snprintf(both, length, "%s %s", header_text, claims_text);
    free(header_text);
    free(claims_text);
    json_decref(header);
    json_decref(claims);
    return both;
}

STAGE_TEST(of_a_token_only_harmless_values_are_shown)
{
    static const struct {
        const char *value, *shown;
    } rows[] = {
        { NULL, "null null" },
        { "", "\"<0 characters, no dots>\" null" },
        { "Bearer " KEY, "\"<32 characters, no dots>\" null" },
        { KEY, "\"<32 characters, no dots>\" null" },
        { "Bearer a.b", "\"<3 characters>\" null" },
        /* {"alg":"HS256","typ":"JWT"} . {"iss":"KEY","iat":1,"sub":"KEY","KEY":[1]} . x */
        { "Bearer "
          "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
          "eyJpc3MiOiJGYWtlS2V5T2ZUZWFtT25lRmFrZUtleU9mVGVhbU9uZSIsImlhdCI6MSwic3ViIjoiRmFrZUtl"
          "eU9mVGVhbU9uZUZha2VLZXlPZlRlYW1PbmUiLCJGYWtlS2V5T2ZUZWFtT25lRmFrZUtleU9mVGVhbU9uZSI6"
          "WzFdfQ.eA",
          "{\"alg\":\"HS256\",\"typ\":\"JWT\"} {\"iss\":\"<32 characters>\",\"iat\":1,\"sub\":"
          "\"<32 characters>\",\"<member 4, 32 characters>\":\"<array, 1 element>\"}" },
        /* two long names of the same length, and an integer of more than 64 bits */
        { "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
          "eyJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUEiOjEsIkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJC"
          "QiI6MiwiaWF0Ijo5OTk5OTk5OTk5OTk5OTk5OTk5OX0.eA",
          "{\"alg\":\"HS256\",\"typ\":\"JWT\"} {\"<member 1, 30 characters>\":\"<number>\","
          "\"<member 2, 30 characters>\":\"<number>\",\"iat\":1e20}" },
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *shown = redacted(stage, rows[i].value);

        assert_string_equal(shown, rows[i].shown);
        free(shown);
    }
}

/* Neither key is in any line or answer of the request that has run. */
static void assert_no_key(struct stage *stage)
{
    struct buf line;

    buf_init(&line, LINE_BYTES_MAX);
    log_text(&line, stage->x, 1);
    log_json(&line, stage->x, 1);
    assert_null(strstr(buf_text(&line), "FakeKeyOf"));
    assert_null(strstr(buf_text(&line), "FakeLegacyKey"));
    assert_null(strstr(stage_head(stage), "FakeKeyOf"));
    assert_null(strstr(stage_head(stage), "FakeLegacyKey"));
    buf_fini(&line);
}

/* Whatever a client puts in the wrong place. */
STAGE_TEST(no_secret_in_any_line_or_answer)
{
    static const char quoted[] = "Bearer \"" KEY "\"";
    static const char *const authorizations[] = { KEY,
                                                  "Bearer " KEY,
                                                  "Bearer " ID "||" KEY,
                                                  "Basic " KEY,
                                                  "Bearer Bearer " KEY,
                                                  "Bearer FakeLegacyKeyOfTeamOne0000000001",
                                                  "Bearer " KEY "." KEY "." KEY,
                                                  quoted };
    static const char bare_path[] = "/" KEY;
    static const char *const paths[] = { STAGE_PATH(STAGE_ADA), STAGE_PATH(KEY), bare_path };
    static const char *const bodies[] = {
        "{\"channel_type\":\"" KEY "\",\"channel_id\":1}",
        "{\"channel_type\":\"email\",\"" KEY "\":1}",
        "{\"channel_type\":\"" KEY "\",\"channel_type\":1}",
        "{\"channel_type\":\"phone\",\"channel_id\":\"" KEY "\"}",
        "\"" KEY "\"",
        KEY,
    };
    struct stage *stage = *state;

    policy_be_strict(&stage->mock.main.slot.present->policy);
    for (size_t i = 0; i < sizeof authorizations / sizeof authorizations[0]; i++) {
        for (size_t j = 0; j < sizeof paths / sizeof paths[0]; j++) {
            stage_request(stage, "POST", paths[j], BODY);
            stage->x->request.authorization = private_text(authorizations[i]);
            stage->x->request.authorization_length = strlen(authorizations[i]);
            dispatch_run(stage->x);
            assert_no_key(stage);
        }
    }
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), bodies[i]);
        dispatch_run(stage->x);
        assert_int_equal(stage->x->answer.status, 400);
        assert_no_key(stage);
        stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
        stage->x->request.content_type = private_text(bodies[i]);
        dispatch_run(stage->x);
        assert_no_key(stage);
    }
}

STAGE_TEST(the_signature_is_not_shown)
{
    struct stage *stage = *state;
    const char *signature;
    struct buf line;

    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
    stage_sign(stage, ID, "another key", STAGE_NOW);
    dispatch_run(stage->x);
    signature = strrchr(stage->authorization, '.') + 1;
    buf_init(&line, LINE_BYTES_MAX);
    log_text(&line, stage->x, 1);
    log_json(&line, stage->x, 1);
    assert_int_equal(stage->x->answer.status, 401);
    assert_null(strstr(buf_text(&line), signature));
    assert_null(strstr(stage_head(stage), signature));
    buf_fini(&line);
}
