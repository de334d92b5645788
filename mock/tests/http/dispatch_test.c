/* Which step answers, in which order, by which policy [J1-J13 T6 B7 B8 R7 E2 E3 E4]. */
#include "tests/stage.h"

#include "operation/limit.h"
#include "store/store.h"
#include "tests/unit.h"
#define BODY "{\"channel_type\":\"email\",\"channel_id\":\"r@example.com\"}"

static int post(struct stage *stage, const char *path, const char *body)
{
    stage_request(stage, "POST", path, body);
    dispatch_run(stage->x);
    return stage->x->answer.status;
}

static bool has_header(const struct stage *stage, const char *line)
{
    const char *at = strstr(stage_head(stage), line);

    return at != NULL && at[strlen(line)] == '\r';
}

TEST(success_is_the_whole_list)
{
    struct stage *stage = *state;

    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA), BODY), 200);
    assert_string_equal(
        stage_body(stage),
        "[{\"id\":40,\"team_id\":1,\"contact_id\":7,\"channel_type\":\"phone\",\"channel_id\":"
        "\"14155550100\",\"info_channel\":\"i\",\"channel_handle\":\"A \\\"q\\\" \xC3\xA4\","
        "\"created\":\"2024-03-01T09:30:00Z\",\"updated\":\"2024-03-01T09:30:00.5+02:00\"},"
        "{\"id\":41,\"team_id\":1,\"contact_id\":7,\"channel_type\":\"email\",\"channel_id\":"
        "\"r@example.com\",\"info_channel\":\"\",\"channel_handle\":\"\",\"created\":"
        "\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}]");
    assert_true(has_header(stage, "Content-Type: application/json"));
    assert_true(has_header(stage, "Date: Tue, 16 Apr 2024 00:00:00 GMT"));
}

TEST(a_warning_comes_with_success)
{
    struct stage *stage = *state;

    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA),
                          "{\"channel_type\":\"pigeon\",\"channel_id\":\"x\",\"y\":1}"),
                     200);
    assert_true(has_header(stage, "X-Mock-Finding: B3 type-unknown; warned"));
    assert_true(has_header(stage, "X-Mock-Finding: B6 member-unknown; warned"));
}

/* [J11] only once the contact is known: an unknown one is 404 for every team. */
TEST(a_contact_of_another_team_is_403)
{
    struct stage *stage = *state;

    assert_int_equal(post(stage, STAGE_PATH(STAGE_BOB), BODY), 403);
    assert_true(has_header(stage, "X-Mock-Finding: J11 contact-of-other-team"));
    assert_non_null(strstr(stage_body(stage), "\"error\":\"denied\""));
    stage_request(stage, "POST", STAGE_PATH(STAGE_BOB), BODY);
    stage_sign(stage, "22222222-2222-4222-8222-222222222222", "FakeKeyOfTeamTwoFakeKeyOfTeamTwo",
               STAGE_NOW);
    dispatch_run(stage->x);
    assert_int_equal(stage->x->answer.status, 200);
}

/* [J10] */
TEST(both_secrets_of_a_team_verify)
{
    struct stage *stage = *state;

    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
    stage_sign(stage, "12121212-1212-4212-8212-121212121212", "FakeSecondKeyOfOneFakeSecondKey1",
               STAGE_NOW);
    dispatch_run(stage->x);
    assert_int_equal(stage->x->answer.status, 200);
}

/* [J6 J7] at the exact seconds, by the mock's clock. */
TEST(a_token_lives_300_seconds)
{
    static const struct {
        int64_t iat;
        int status;
    } rows[] = { { STAGE_NOW - 298, 200 }, { STAGE_NOW - 299, 200 }, { STAGE_NOW - 300, 401 },
                 { STAGE_NOW - 301, 401 }, { STAGE_NOW + 60, 200 },  { STAGE_NOW + 61, 401 } };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
        stage_sign(stage, "11111111-1111-4111-8111-111111111111",
                   "FakeKeyOfTeamOneFakeKeyOfTeamOne", rows[i].iat);
        dispatch_run(stage->x);
        assert_int_equal(stage->x->answer.status, rows[i].status);
    }
}

TEST(a_refused_token_is_401_with_its_scheme)
{
    struct stage *stage = *state;

    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
    stage->x->request.authorization = private_text(NULL);
    stage->x->request.authorization_count = 0;
    stage->x->request.authorization_length = 0;
    dispatch_run(stage->x);
    assert_int_equal(stage->x->answer.status, 401);
    assert_true(has_header(stage, "WWW-Authenticate: Bearer"));
    assert_true(has_header(stage, "X-Mock-Finding: J1 authorization-missing"));
    assert_non_null(strstr(stage_body(stage), "\"error\":\"unauthorized\""));
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
    stage->x->request.authorization_count = 2;
    dispatch_run(stage->x);
    assert_int_equal(stage->x->answer.status, 401);
    assert_true(has_header(stage, "X-Mock-Finding: J1 authorization-repeated"));
}

/* [J13] */
TEST(a_legacy_key_is_judged_by_the_policy)
{
    static const char legacy[] = "Bearer FakeLegacyKeyOfTeamOne0000000001";
    struct stage *stage = *state;

    for (int accepts = 0; accepts < 2; accepts++) {
        stage->mock.main.slot.present->policy.value[POLICY_LEGACY_KEY] = accepts;
        stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
        stage->x->request.authorization = private_text(legacy);
        stage->x->request.authorization_length = sizeof legacy - 1;
        dispatch_run(stage->x);
        assert_int_equal(stage->x->answer.status, accepts ? 200 : 401);
    }
}

/* [B7] */
TEST(an_unknown_contact_is_answered_by_the_policy)
{
    static const struct {
        int status;
        const char *error;
    } rows[] = { { 404, "\"not_found\"" }, { 400, "\"bad_data\"" }, { 403, "\"denied\"" } };
    struct stage *stage = *state;

    for (int i = 0; i < 3; i++) {
        stage->mock.main.slot.present->policy.value[POLICY_UNKNOWN_CONTACT] = i;
        assert_int_equal(post(stage, STAGE_PATH("00000000-0000-4000-8000-000000000000"), BODY),
                         rows[i].status);
        assert_non_null(strstr(stage_body(stage), rows[i].error));
        assert_true(has_header(stage, "X-Mock-Finding: B7 contact-unknown"));
    }
}

static size_t elements(const struct stage *stage)
{
    json_t *list = json_loads(stage_body(stage), 0, NULL);
    size_t count = json_array_size(list);

    json_decref(list);
    return count;
}

/* [B8] */
TEST(a_duplicate_is_answered_by_the_policy)
{
    struct stage *stage = *state;

    assert_int_equal(post(stage, STAGE_PATH(STAGE_EMPTY), BODY), 200);
    assert_int_equal(post(stage, STAGE_PATH(STAGE_EMPTY), BODY), 200);
    assert_int_equal(elements(stage), 1);
    stage->mock.main.slot.present->policy.value[POLICY_DUPLICATE_CHANNEL] = DUPLICATES_ARE_APPENDED;
    assert_int_equal(post(stage, STAGE_PATH(STAGE_EMPTY), BODY), 200);
    assert_int_equal(elements(stage), 2);
    stage->mock.main.slot.present->policy.value[POLICY_DUPLICATE_CHANNEL] = DUPLICATES_ARE_REJECTED;
    assert_int_equal(post(stage, STAGE_PATH(STAGE_EMPTY), BODY), 400);
    assert_true(has_header(stage, "X-Mock-Finding: B8 channel-exists"));
}

/* [R7] */
TEST(success_may_be_201)
{
    struct stage *stage = *state;

    stage->mock.main.slot.present->policy.value[POLICY_SUCCESS_STATUS] = 1;
    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA), BODY), 201);
    assert_memory_equal(stage_head(stage), "HTTP/1.1 201 Created\r\n", 22);
}

TEST(strict_refuses_what_was_warned_of)
{
    struct stage *stage = *state;
    static const char plus[] = "{\"channel_type\":\"phone\",\"channel_id\":\"+14155550100\"}";

    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA), plus), 200);
    policy_be_strict(&stage->mock.main.slot.present->policy);
    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA), plus), 400);
    assert_true(has_header(stage, "X-Mock-Finding: B4 phone-leading-plus"));
}

/* [E4] after the token, before anything else; then a minute later. */
TEST(past_the_limit_is_429_with_retry_after)
{
    struct stage *stage = *state;

    assert_int_equal(limit_new(&stage->mock.main.slot.present->limit, 4, 1, NULL), HM_OK);
    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA), BODY), 200);
    assert_int_equal(post(stage, STAGE_PATH("7"), "!"), 429);
    assert_true(has_header(stage, "Retry-After: 60"));
    assert_true(has_header(stage, "X-Mock-Finding: E4 rate-limited"));
    assert_non_null(strstr(stage_body(stage), "\"error\":\"rate_limited\""));
    stage->mock.main.slot.present->clock.seconds += 60;
    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA), BODY), 200);
    assert_null(strstr(stage_head(stage), "Retry-After"));
}

/* [T6] */
TEST(paths_and_methods_come_first)
{
    struct stage *stage = *state;

    stage_request(stage, "GET", STAGE_PATH(STAGE_ADA), NULL);
    stage->x->request.authorization_count = 0;
    dispatch_run(stage->x);
    assert_int_equal(stage->x->answer.status, 405);
    assert_true(has_header(stage, "Allow: POST, PUT"));
    assert_int_equal(post(stage, "/v1" STAGE_PATH(STAGE_ADA), BODY), 404);
    assert_non_null(strstr(stage_body(stage), "the base URL ends in /v1"));
    assert_int_equal(post(stage, "/v2/contact/a%2Fb/channel", BODY), 400);
    assert_non_null(strstr(stage_body(stage), "\"error\":\"malformed\""));
    assert_true(has_header(stage, "Connection: close"));
}

TEST(requests_are_counted_and_the_control_plane_is_not)
{
    struct stage *stage = *state;
    struct counts *counts = &stage->counts;

    post(stage, STAGE_PATH(STAGE_ADA), BODY);
    dispatch_end(stage->x);
    post(stage, STAGE_PATH(STAGE_ADA), "{\"channel_type\":\"pigeon\",\"channel_id\":\"x\"}");
    dispatch_end(stage->x);
    post(stage, STAGE_PATH("7"), BODY);
    dispatch_end(stage->x);
    post(stage, "/_mock/health", NULL);
    dispatch_end(stage->x);
    stage_request(stage, "GET", "/_mock/health", NULL);
    dispatch_run(stage->x);
    dispatch_end(stage->x);
    assert_int_equal(counts->requests, 3);
    assert_int_equal(counts->accepted, 2);
    assert_int_equal(counts->refused, 1);
    assert_int_equal(counts->warned, 1);
}

EACH_TEST_WITHIN(stage_setup, stage_teardown)
