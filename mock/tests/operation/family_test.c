/* The channel family and the inboxes: what each operation does, answers and refuses [G1-G5 U1-U5
 * X1-X3 L1 L2 N1 N2]. */
#include "tests/stage.h"
#include "tests/unit.h"

#include "fault/vary.h"
#include "journal/journal.h"

#define ADA        "/v2/contact/" STAGE_ADA
#define CHANNEL    ADA "/channel"
#define CHANNELS   ADA "/channels"
#define SENT(T, V) "{\"channel_type\":\"" T "\",\"channel_id\":\"" V "\"}"
#define PHONE                                                                                      \
    "{\"id\":40,\"team_id\":1,\"contact_id\":7,\"channel_type\":\"phone\",\"channel_id\":"         \
    "\"14155550100\",\"info_channel\":\"i\",\"channel_handle\":\"A \\\"q\\\" \xC3\xA4\","          \
    "\"created\":\"2024-03-01T09:30:00Z\",\"updated\":\"2024-03-01T09:30:00.5+02:00\"}"
#define PHONE_CHANGED                                                                              \
    "{\"id\":40,\"team_id\":1,\"contact_id\":7,\"channel_type\":\"phone\",\"channel_id\":"         \
    "\"14155550199\",\"info_channel\":\"i\",\"channel_handle\":\"A \\\"q\\\" \xC3\xA4\","          \
    "\"created\":\"2024-03-01T09:30:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}"
#define EMAIL(Id, V)                                                                               \
    "{\"id\":" Id ",\"team_id\":1,\"contact_id\":7,\"channel_type\":\"email\",\"channel_id\":\"" V \
    "\",\"info_channel\":\"\",\"channel_handle\":\"\",\"created\":\"2024-04-16T00:00:00Z\","       \
    "\"updated\":\"2024-04-16T00:00:00Z\"}"

enum { LIST_BYTES = 4096 };

static int call(struct stage *stage, const char *method, const char *path, const char *body)
{
    stage_request(stage, method, path, body);
    return stage_run(stage);
}

static void policy_put(struct stage *stage, const char *name, const char *value)
{
    char body[128];

    snprintf(body, sizeof body, "{\"policy\":{\"%s\":\"%s\"}}", name, value);
    assert_int_equal(stage_call(stage, "PUT", "/_mock/policy", body), 200);
}

static bool has_header(const struct stage *stage, const char *line)
{
    const char *at = strstr(stage_head(stage), line);

    return at != NULL && at[strlen(line)] == '\r';
}

/* Ada's channels, as the operation that lists them answers. */
static void list_is(struct stage *stage, const char *expected)
{
    assert_int_equal(call(stage, "GET", CHANNELS, NULL), 200);
    assert_string_equal(stage_body(stage), expected);
}

/* [G1 G2] */
STAGE_TEST(get_answers_the_one_channel)
{
    struct stage *stage = *state;

    assert_int_equal(call(stage, "GET", CHANNEL "/phone", NULL), 200);
    assert_string_equal(stage_body(stage), PHONE);
    assert_true(has_header(stage, "Content-Type: application/json"));
    assert_int_equal(call(stage, "HEAD", CHANNEL "/phone", NULL), 200);
    assert_string_equal(stage_body(stage), "");
    assert_int_equal(call(stage, "GET", CHANNEL "/phone?x=1", NULL), 404);
}

/* [L1 L2] */
STAGE_TEST(list_is_what_create_answers)
{
    struct stage *stage = *state;
    char created[LIST_BYTES];

    assert_int_equal(call(stage, "GET", "/v2/contact/" STAGE_EMPTY "/channels", NULL), 200);
    assert_string_equal(stage_body(stage), "[]");
    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "a@x.example")), 200);
    snprintf(created, sizeof created, "%s", stage_body(stage));
    list_is(stage, created);
    policy_put(stage, "channel-list", "404");
    assert_int_equal(call(stage, "GET", CHANNELS, NULL), 404);
    assert_true(stage_says(stage, "path-unknown"));
    assert_int_equal(call(stage, "POST", CHANNELS, NULL), 404);
    assert_true(stage_says(stage, "the last word is channel, not channels"));
}

/* [U1 U2 U3 U4] */
STAGE_TEST(update_changes_the_value_and_nothing_else)
{
    struct stage *stage = *state;

    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "a@x.example")), 200);
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("phone", "14155550199")), 200);
    assert_string_equal(stage_body(stage), "[" PHONE_CHANGED "," EMAIL("41", "a@x.example") "]");
    assert_int_equal(call(stage, "GET", CHANNEL "/phone", NULL), 200);
    assert_string_equal(stage_body(stage), PHONE_CHANGED);
    list_is(stage, "[" PHONE_CHANGED "," EMAIL("41", "a@x.example") "]");
    policy_put(stage, "update-answer", "channel");
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "bb@x.example")), 200);
    assert_string_equal(stage_body(stage), EMAIL("41", "bb@x.example"));
    list_is(stage, "[" PHONE_CHANGED "," EMAIL("41", "bb@x.example") "]");
}

/* [U5] */
STAGE_TEST(update_to_what_another_channel_has_is_as_b8)
{
    struct stage *stage = *state;
    static const char two[] =
        "[" PHONE "," EMAIL("41", "a@x.example") "," EMAIL("42", "b@x.example") "]";

    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "a@x.example")), 200);
    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "b@x.example")), 200);
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "a@x.example")), 200);
    assert_string_equal(stage_body(stage), two);
    policy_put(stage, "duplicate-channel", "reject");
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "a@x.example")), 400);
    assert_true(stage_says(stage, "channel-exists"));
    list_is(stage, two);
    /* The value that it has already is no other channel's. */
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "b@x.example")), 200);
    list_is(stage, two);
    policy_put(stage, "duplicate-channel", "append");
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "a@x.example")), 200);
    list_is(stage, "[" PHONE "," EMAIL("41", "a@x.example") "," EMAIL("42", "a@x.example") "]");
    /* One of the two is changed: the other one still counts as there. */
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "c@x.example")), 200);
    policy_put(stage, "duplicate-channel", "reject");
    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "a@x.example")), 400);
    assert_int_equal(call(stage, "DELETE", CHANNEL "/email", NULL), 200);
    assert_int_equal(call(stage, "DELETE", CHANNEL "/email", NULL), 200);
    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "a@x.example")), 200);
    list_is(stage, "[" PHONE "," EMAIL("43", "a@x.example") "]");
}

/* [X1 X2 X3] Its id does not come again. */
STAGE_TEST(delete_removes_the_channel)
{
    struct stage *stage = *state;

    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "a@x.example")), 200);
    assert_int_equal(call(stage, "DELETE", CHANNEL "/phone", NULL), 200);
    assert_string_equal(stage_body(stage), "\"ok\"");
    assert_true(has_header(stage, "Content-Type: application/json"));
    list_is(stage, "[" EMAIL("41", "a@x.example") "]");
    assert_int_equal(call(stage, "GET", CHANNEL "/phone", NULL), 404);
    assert_int_equal(call(stage, "DELETE", CHANNEL "/phone", NULL), 404);
    assert_true(stage_says(stage, "G4"));
    assert_true(stage_says(stage, "channel-absent"));
    policy_put(stage, "delete-answer", "list");
    assert_int_equal(call(stage, "DELETE", CHANNEL "/email", NULL), 200);
    assert_string_equal(stage_body(stage), "[]");
    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "b@x.example")), 200);
    assert_string_equal(stage_body(stage), "[" EMAIL("42", "b@x.example") "]");
    policy_put(stage, "delete-answer", "empty");
    assert_int_equal(call(stage, "DELETE", CHANNEL "/email", NULL), 204);
    assert_string_equal(stage_body(stage), "");
    assert_null(strstr(stage_head(stage), "Content-Length"));
    assert_null(strstr(stage_head(stage), "Content-Type"));
    policy_put(stage, "channel-absent", "400");
    assert_int_equal(call(stage, "DELETE", CHANNEL "/email", NULL), 400);
    assert_int_equal(call(stage, "GET", CHANNEL "/email", NULL), 400);
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "b@x.example")), 400);
    list_is(stage, "[]");
    /* As it was loaded. */
    assert_int_equal(stage_call(stage, "POST", "/_mock/reset", "{}"), 200);
    list_is(stage, "[" PHONE "]");
}

/* [X2] Its answer is neither a list nor a channel. */
STAGE_TEST(a_deletion_is_answered_in_every_variation)
{
    static const char *const names[] = { "unknown-members", "sparse",    "newest-first",
                                         "member-order",    "fractions", "offsets",
                                         "escaped",         "indented" };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        stage->mock.variations = 0;
        assert_int_equal(vary_add(&stage->mock.variations, names[i], NULL), HM_OK);
        assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "a@x.example")), 200);
        assert_int_equal(call(stage, "DELETE", CHANNEL "/email", NULL), 200);
        assert_string_equal(stage_body(stage), "\"ok\"");
    }
}

/* [G3] */
STAGE_TEST(the_newest_of_a_type_is_meant_or_the_oldest)
{
    struct stage *stage = *state;

    for (int i = 0; i < 3; i++) {
        static const char *const sent[] = { SENT("email", "a@x.example"),
                                            SENT("email", "b@x.example"),
                                            SENT("email", "c@x.example") };

        assert_int_equal(call(stage, "POST", CHANNEL, sent[i]), 200);
    }
    assert_int_equal(call(stage, "GET", CHANNEL "/email", NULL), 200);
    assert_string_equal(stage_body(stage), EMAIL("43", "c@x.example"));
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "cc@x.example")), 200);
    policy_put(stage, "several-of-type", "oldest");
    assert_int_equal(call(stage, "GET", CHANNEL "/email", NULL), 200);
    assert_string_equal(stage_body(stage), EMAIL("41", "a@x.example"));
    assert_int_equal(call(stage, "DELETE", CHANNEL "/email", NULL), 200);
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "bb@x.example")), 200);
    list_is(stage, "[" PHONE "," EMAIL("42", "bb@x.example") "," EMAIL("43", "cc@x.example") "]");
}

/* [G5] */
STAGE_TEST(the_type_is_decoded_and_compared_exactly)
{
    static const struct {
        const char *segment;
        int status;
        const char *says;
    } rows[] = {
        { "a%2Fb%20%C3%A9", 200, "\"id\":41" },
        { "%70hone", 200, "\"id\":40" },
        { "Phone", 404, "type-in-other-case" },
        { "Phone", 404, "but it has one of the type \\\"phone\\\"" },
        { "phone%20", 404, "channel-absent" },
        { "phon", 404, "channel-absent" },
        { "phone%22", 404, "channel-absent" },
        { "14155550100", 404, "which is the id of its channel of the type \\\"phone\\\"" },
        { "40", 404, "id-for-type" },
        { "1-202-555-0100", 404, "id-for-type" },
        { "eve%40x.example", 404, "which looks like an id" },
        { "", 404, "the channel's type is missing at the end" },
        { "%FF", 404, "channel-absent" },
        { "%00", 400, "request-malformed" },
        { "%2", 400, "request-malformed" },
    };
    struct stage *stage = *state;
    char path[256];

    assert_int_equal(call(stage, "POST", CHANNEL, SENT("a/b \xC3\xA9", "x")), 200);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(path, sizeof path, CHANNEL "/%s", rows[i].segment);
        assert_int_equal(call(stage, "GET", path, NULL), rows[i].status);
        if (!stage_says(stage, rows[i].says))
            fail_msg("%s: %s", path, stage_body(stage));
    }
}

/* A type that is as long as a head can be. */
STAGE_TEST(a_long_type_is_compared_whole)
{
    enum { LONG = 8 * 1024 };
    struct stage *stage = *state;
    char path[sizeof CHANNEL + 1 + LONG + 1] = CHANNEL "/";
    static char body[LONG + 100];
    char type[LONG + 1];

    memset(type, 'x', LONG);
    type[LONG] = '\0';
    snprintf(body, sizeof body, "{\"channel_type\":\"%s\",\"channel_id\":\"y\"}", type);
    assert_int_equal(call(stage, "POST", CHANNEL, body), 200);
    memcpy(path + sizeof CHANNEL, type, sizeof type);
    assert_int_equal(call(stage, "GET", path, NULL), 200);
    path[sizeof CHANNEL + LONG - 1] = 'z';
    assert_int_equal(call(stage, "GET", path, NULL), 404);
    path[sizeof CHANNEL + LONG - 1] = '\0';
    assert_int_equal(call(stage, "DELETE", path, NULL), 404);
    assert_int_equal(call(stage, "GET", CHANNEL "/phone", NULL), 200);
}

/* Nothing is lost, changed or created by a refused call. */
STAGE_TEST(a_refused_call_changes_nothing)
{
    static const struct {
        const char *method, *path, *body;
        int status;
        const char *says;
    } rows[] = {
        { "PUT", CHANNEL, "{\"channel_type\":\"phone\"", 400, "body-truncated" },
        { "PUT", CHANNEL, "", 400, "B2" },
        { "PUT", CHANNEL, "[]", 400, "B1" },
        { "PUT", CHANNEL, "{\"channel_type\":\"phone\"}", 400, "B1" },
        { "PUT", CHANNEL, "{\"channel_type\":\"phone\",\"channel_id\":1}", 400, "B1" },
        { "PUT", CHANNEL, SENT("phone", ""), 400, "value-empty" },
        { "PUT", CHANNEL, SENT("fax", "14155550199"), 404, "channel-absent" },
        { "PUT", CHANNEL, SENT("PHONE", "14155550199"), 404, "type-in-other-case" },
        { "PUT", CHANNEL "/phone", SENT("phone", "14155550199"), 405, "method-unknown" },
        { "PUT", CHANNELS, SENT("phone", "14155550199"), 405, "method-unknown" },
        { "DELETE", CHANNEL, SENT("phone", "14155550100"), 405, "the channel's type is missing" },
        { "DELETE", CHANNELS, NULL, 405, "one by one" },
        { "DELETE", CHANNEL "/", NULL, 404, "path-unknown" },
        { "DELETE", CHANNEL "/14155550100", NULL, 404, "id-for-type" },
        { "DELETE", "/v2/contact/" STAGE_BOB "/channel/phone", NULL, 403, "J11" },
        { "GET", "/v2/contact/" STAGE_BOB "/channel/phone", NULL, 403, "J11" },
        { "GET", "/v2/contact/" STAGE_BOB "/channels", NULL, 403, "J11" },
        { "PUT", "/v2/contact/" STAGE_BOB "/channel", SENT("phone", "1"), 403, "J11" },
        { "GET", "/v2/contact/7/channels", NULL, 400, "contact-id-is-integer" },
        { "DELETE", "/v2/contact/7/channel/phone", NULL, 400, "contact-id-is-integer" },
        { "DELETE", "/v2/contact/00000000-0000-4000-8000-000000000000/channel/phone", NULL, 404,
          "contact-unknown" },
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (call(stage, rows[i].method, rows[i].path, rows[i].body) != rows[i].status ||
            !stage_says(stage, rows[i].says))
            fail_msg("%s %s: %s", rows[i].method, rows[i].path, stage_body(stage));
        list_is(stage, "[" PHONE "]");
    }
    stage_request(stage, "PUT", CHANNEL, SENT("phone", "14155550199"));
    stage->x->request.content_type = private_text("text/plain");
    assert_int_equal(stage_run(stage), 415);
    stage_request(stage, "DELETE", CHANNEL "/phone", NULL);
    stage_sign(stage, "11111111-1111-4111-8111-111111111111", "wrong", STAGE_NOW);
    assert_int_equal(stage_run(stage), 401);
    list_is(stage, "[" PHONE "]");
}

/* A body of GET and DELETE has no meaning (RFC 9110 section 9.3.1), whatever it is. */
STAGE_TEST(a_body_of_get_and_delete_is_ignored)
{
    struct stage *stage = *state;

    stage_request(stage, "GET", CHANNEL "/phone", "{\"channel_type\":");
    stage->x->request.content_type = private_text("text/plain");
    assert_int_equal(stage_run(stage), 200);
    assert_int_equal(stage->x->findings.count, 0);
    assert_int_equal(call(stage, "GET", CHANNELS, SENT("email", "a@x.example")), 200);
    assert_int_equal(call(stage, "GET", "/v1/inboxes", "[]"), 200);
    list_is(stage, "[" PHONE "]");
    assert_int_equal(call(stage, "DELETE", CHANNEL "/phone", SENT("email", "a@x.example")), 200);
    list_is(stage, "[]");
}

/* [N1 N2] */
STAGE_TEST(inboxes_are_those_of_the_token_s_team)
{
    struct stage *stage = *state;

    assert_int_equal(call(stage, "GET", "/v1/inboxes", NULL), 200);
    assert_string_equal(stage_body(stage),
                        "[{\"id\":3,\"name\":\"Desk \xC3\xA4\",\"team\":1,\"members\":"
                        "[5,6],\"phones\":[\"14155550111\"],\"phone\":"
                        "\"14155550111\"}]");
    stage_request(stage, "GET", "/v1/inboxes", NULL);
    stage_sign(stage, "22222222-2222-4222-8222-222222222222", "FakeKeyOfTeamTwoFakeKeyOfTeamTwo",
               STAGE_NOW);
    assert_int_equal(stage_run(stage), 200);
    assert_string_equal(stage_body(stage), "[]");
    stage_request(stage, "GET", "/v1/inboxes", NULL);
    stage_sign(stage, "22222222-2222-4222-8222-222222222222", "FakeKeyOfTeamTwoFakeKeyOfTeamTwo",
               STAGE_NOW - HM_TOKEN_LIFE_S);
    assert_int_equal(stage_run(stage), 401);
    assert_true(stage_says(stage, "J6"));
    assert_int_equal(call(stage, "POST", "/v1/inboxes", NULL), 405);
    assert_true(has_header(stage, "Allow: GET, HEAD"));
}

static void faults_put(struct stage *stage, const char *rules)
{
    assert_int_equal(stage_call(stage, "PUT", "/_mock/faults", rules), 200);
}

/* A rule with an operation is for that one alone; the values are those of the body, or the path's
 * type. */
STAGE_TEST(a_fault_may_be_for_one_operation)
{
    struct stage *stage = *state;

    faults_put(stage,
               "{\"faults\":[{\"operation\":\"channel_get\",\"status\":503},"
               "{\"operation\":\"inbox_list\",\"status\":502,\"stage\":\"first\"},"
               "{\"channel_type\":\"email\",\"channel_id\":\"magic@x.example\",\"status\":500},"
               "{\"operation\":\"channel_delete\",\"channel_type\":\"phone\",\"status\":504,"
               "\"commit\":\"yes\"}]}");
    assert_int_equal(call(stage, "GET", CHANNELS, NULL), 200);
    assert_int_equal(call(stage, "GET", CHANNEL "/phone", NULL), 503);
    assert_int_equal(call(stage, "GET", "/v1/inboxes", NULL), 502);
    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "magic@x.example")), 500);
    assert_int_equal(call(stage, "POST", CHANNEL, SENT("email", "a@x.example")), 200);
    assert_int_equal(call(stage, "PUT", CHANNEL, SENT("email", "magic@x.example")), 500);
    list_is(stage, "[" PHONE "," EMAIL("41", "a@x.example") "]");
    assert_int_equal(call(stage, "DELETE", CHANNEL "/email", NULL), 200);
    assert_int_equal(call(stage, "DELETE", CHANNEL "/phone", NULL), 504);
    list_is(stage, "[]");
    assert_int_equal(stage_call(stage, "GET", "/_mock/faults", NULL), 200);
    assert_true(stage_says(stage, "{\"operation\":\"channel_get\",\"status\":503,\"matched\":1"));
    assert_int_equal(stage_call(stage, "PUT", "/_mock/faults",
                                "{\"faults\":[{\"operation\":\"channel\",\"status\":503}]}"),
                     400);
    assert_true(stage_says(stage, "expected one of these operations: channel_create channel_get"));
    assert_int_equal(
        stage_call(
            stage, "PUT", "/_mock/faults",
            "{\"faults\":[{\"operation\":\"inbox_list\",\"contact\":\"ada\",\"status\":503}]}"),
        400);
}

/* Journal, its query, and verify know the operation. */
STAGE_TEST(the_operation_is_recorded)
{
    struct stage *stage = *state;

    stage->mock.main.journal = journal_new(8);
    assert_non_null(stage->mock.main.journal);
    call(stage, "GET", CHANNEL "/phone", NULL);
    call(stage, "GET", CHANNEL "/fax", NULL);
    call(stage, "DELETE", CHANNEL "/phone", NULL);
    call(stage, "BREW", CHANNEL, NULL);
    assert_int_equal(stage_call(stage, "GET", "/_mock/journal", NULL), 200);
    assert_true(stage_says(stage, "\"operation\":\"channel_delete\""));
    assert_true(stage_says(stage, "\"operation\":null"));
    stage_control(stage, "GET", "/_mock/journal", NULL);
    stage->x->request.query = private_text("operation=channel_get&status=404");
    assert_int_equal(stage_run(stage), 200);
    assert_true(stage_says(stage, "\"matched\":1}"));
    stage_control(stage, "GET", "/_mock/journal", NULL);
    stage->x->request.query = private_text("operation=channel-get");
    assert_int_equal(stage_run(stage), 400);
    assert_true(stage_says(stage, "expected a name such as channel_get"));
    assert_int_equal(stage_call(stage, "POST", "/_mock/verify",
                                "{\"where\":{\"operation\":\"channel_get\"},\"exactly\":2}"),
                     200);
    assert_int_equal(stage_call(stage, "POST", "/_mock/verify",
                                "{\"where\":{\"operation\":\"channel_update\"},\"exactly\":1}"),
                     422);
    assert_int_equal(stage_call(stage, "POST", "/_mock/verify",
                                "{\"where\":{\"operation\":\"x\"},\"exactly\":0}"),
                     400);
}
