/* Get, list, update, delete, inboxes: what they send, what they read, what they send again, and the
 * errors that they make of wrong answers [E7 G U X L N]. */
#include "tests/client_bench.h"
#include "tests/unit.h"

#include <heymarket/inbox.h>

#define PATH "/v2/contact/0e5c2f70-5c5b-4d57-9c3b-1b6c2e1d9a10/channel"
#define INBOX                                                                                      \
    "{\"id\":5,\"name\":\"Main\",\"team\":2,\"members\":[8,9],\"phones\":[\"14155550100\"]}"
#define OK_JSON(text)                                                                              \
    {                                                                                              \
        .status = 200, .headers = HEADERS, .body = (text)                                          \
    }

static struct hm_inbox_list inboxes;

static enum hm_code get(void)
{
    return hm_channel_get(&client_bench.list, client_bench.client, bench_contact, "phone",
                          &client_bench.err);
}

static enum hm_code list(void)
{
    return hm_channel_list(&client_bench.list, client_bench.client, bench_contact,
                           &client_bench.err);
}

static enum hm_code update(void)
{
    return hm_channel_update(&client_bench.list, client_bench.client, bench_contact, "phone",
                             "14155551234", &client_bench.err);
}

static enum hm_code delete (void) {
    return hm_channel_delete(&client_bench.list, client_bench.client, bench_contact, "phone",
                             &client_bench.err);
}

static enum hm_code inbox(void)
{
    return hm_inbox_list(&inboxes, client_bench.client, &client_bench.err);
}

/* Each of the family, and a good answer to it. */
static const struct {
    enum hm_code (*call)(void);
    const char *request_line;
    bool is_safe;
    const char *good;
} operations[] = {
    { get, "GET " PATH "/phone HTTP/1.1\r\n", true, ELEMENT },
    { list, "GET " PATH "s HTTP/1.1\r\n", true, "[" ELEMENT "]" },
    { update, "PUT " PATH " HTTP/1.1\r\n", false, "[" ELEMENT "]" },
    { delete, "DELETE " PATH "/phone HTTP/1.1\r\n", false, "\"ok\"" },
    { inbox, "GET /v1/inboxes HTTP/1.1\r\n", true, "[" INBOX "]" },
};
enum { OPERATIONS = sizeof operations / sizeof operations[0] };

static int end(void **state)
{
    hm_inbox_list_fini(&inboxes);
    return client_bench_end(state);
}

TEST(sends_the_requests_of_the_contract)
{
    for (size_t i = 0; i < OPERATIONS; i++) {
        const struct test_turn turn = OK_JSON(operations[i].good);
        bool has_body = operations[i].call == update;
        const char *request;

        client_bench_begin(&turn, 1);
        assert_int_equal(operations[i].call(), HM_OK);
        request = test_server_request(client_bench.server, 0);
        assert_int_equal(
            strncmp(request, operations[i].request_line, strlen(operations[i].request_line)), 0);
        assert_non_null(strstr(request, "\r\nAuthorization: Bearer "));
        assert_int_equal(strstr(request, "\r\nContent-Type: application/json\r\n") != NULL,
                         has_body);
        assert_int_equal(strstr(request, "\r\nContent-Length: ") != NULL, has_body);
        assert_string_equal(strstr(request, "\r\n\r\n") + 4,
                            has_body ? "{\"channel_type\":\"phone\",\"channel_id\":\"14155551234\"}"
                                     : "");
        (void)end(NULL);
    }
}

TEST(percent_encodes_the_type_as_one_segment)
{
    static const struct test_turn turns[] = { { .status = 404 } };
    static const struct {
        const char *type, *segment;
    } rows[] = {
        { "a/b", "a%2Fb" },
        { "a b?c#d%", "a%20b%3Fc%23d%25" },
        { "\xC3\xA9", "%C3%A9" },
        { "A-z_0.9~", "A-z_0.9~" },
        { "...", "..." },
        { "a\r\nX: y", "a%0D%0AX%3A%20y" },
        { "a+b&c=d", "a%2Bb%26c%3Dd" },
    };

    client_bench_begin(turns, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[256];

        assert_int_equal(hm_channel_delete(&client_bench.list, client_bench.client, bench_contact,
                                           rows[i].type, &client_bench.err),
                         HM_REFUSED);
        snprintf(line, sizeof line, "DELETE " PATH "/%s HTTP/1.1\r\n", rows[i].segment);
        assert_int_equal(strncmp(test_server_request(client_bench.server, i), line, strlen(line)),
                         0);
    }
}

/* "DELETE .../channel/.." could become the call that deletes the contact. */
TEST(never_sends_a_type_that_a_server_could_resolve)
{
    static const struct test_turn turns[] = { OK_JSON("\"ok\"") };
    static const struct {
        const char *contact, *type, *clause;
    } rows[] = {
        { bench_contact, "..", "G5" },
        { bench_contact, ".", "G5" },
        { bench_contact, "a/../..", "G5" },
        { bench_contact, "..\\", "G5" },
        { bench_contact, "", "B5" },
        { bench_contact, "\xFF", "G5" },
        { "7", "phone", "B7" },
        { bench_contact, NULL, "" },
        { NULL, "phone", "" },
    };

    client_bench_begin(turns, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(hm_channel_get(&client_bench.list, client_bench.client, rows[i].contact,
                                        rows[i].type, &client_bench.err),
                         HM_BAD_ARGUMENT);
        assert_string_equal(client_bench.err.clause, rows[i].clause);
        assert_int_equal(hm_channel_delete(&client_bench.list, client_bench.client, rows[i].contact,
                                           rows[i].type, &client_bench.err),
                         HM_BAD_ARGUMENT);
        assert_string_equal(client_bench.err.clause, rows[i].clause);
    }
    assert_int_equal(hm_channel_list(&client_bench.list, client_bench.client, NULL, NULL),
                     HM_BAD_ARGUMENT);
    assert_int_equal(client_bench_requests(), 0);
}

TEST(reads_channels)
{
    static const struct test_turn turns[] = { OK_JSON(ELEMENT), OK_JSON("[]"), OK_JSON(ELEMENT),
                                              OK_JSON("[" ELEMENT "," ELEMENT "]") };

    client_bench_begin(turns, 4);
    assert_int_equal(get(), HM_OK);
    assert_int_equal(client_bench.list.count, 1);
    assert_int_equal(client_bench.list.at[0].id, 7);
    assert_string_equal(client_bench.list.at[0].channel_id, "14155551234");
    assert_string_equal(client_bench.list.request_id, REQUEST_ID);
    hm_channel_list_fini(&client_bench.list);
    assert_int_equal(list(), HM_OK); /* [L1] there may be none */
    assert_int_equal(client_bench.list.count, 0);
    hm_channel_list_fini(&client_bench.list);
    assert_int_equal(update(), HM_OK); /* [U4] one channel */
    assert_int_equal(client_bench.list.count, 1);
    hm_channel_list_fini(&client_bench.list);
    assert_int_equal(update(), HM_OK); /* or the list */
    assert_int_equal(client_bench.list.count, 2);
}

/* [X2] Any 2xx: "ok", a list, no body, and what nobody thought of. */
TEST(takes_every_answer_to_a_deletion)
{
    static const struct test_turn turns[] = {
        OK_JSON("\"ok\""),
        { .raw = "HTTP/1.1 204 No Content\r\nX-Request-Id: " REQUEST_ID "\r\n\r\n" },
        { .status = 200, .headers = "Content-Type: text/plain\r\n", .body = "deleted" },
        OK_JSON("{\"deleted\":true}"),
        OK_JSON("[" ELEMENT "]"),
    };

    client_bench_begin(turns, 5);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(delete (), HM_OK);
        assert_int_equal(client_bench.list.status, i == 1 ? 204 : 200);
        assert_int_equal(client_bench.list.count, 0);
        hm_channel_list_fini(&client_bench.list);
    }
    assert_int_equal(delete (), HM_OK);
    assert_int_equal(client_bench.list.count, 1);
}

TEST(reads_inboxes)
{
    static const struct test_turn turns[] = {
        OK_JSON("[" INBOX ",{\"id\":6,\"name\":\"B\",\"team\":2,\"members\":[],\"phones\":[],"
                "\"phone\":\"1\",\"more\":{}}]"),
        OK_JSON("[]"),
    };

    client_bench_begin(turns, 2);
    assert_int_equal(inbox(), HM_OK);
    assert_int_equal(inboxes.count, 2);
    assert_int_equal(inboxes.at[0].id, 5);
    assert_int_equal(inboxes.at[0].team, 2);
    assert_string_equal(inboxes.at[0].name, "Main");
    assert_string_equal(inboxes.at[0].phone, "");
    assert_int_equal(inboxes.at[0].member_count, 2);
    assert_int_equal(inboxes.at[0].members[1], 9);
    assert_int_equal(inboxes.at[0].phone_count, 1);
    assert_string_equal(inboxes.at[0].phones[0], "14155550100");
    assert_int_equal(inboxes.at[1].member_count, 0);
    assert_string_equal(inboxes.at[1].phone, "1");
    assert_int_equal(inboxes.attempts, 1);
    assert_string_equal(inboxes.request_id, REQUEST_ID);
    hm_inbox_list_fini(&inboxes);
    assert_int_equal(inbox(), HM_OK);
    assert_int_equal(inboxes.count, 0);
}

/* Answers that break a clause, malicious ones among them. */
TEST(names_the_clause_that_an_answer_breaks)
{
    static const struct {
        enum hm_code (*call)(void);
        const char *body, *clause, *says;
    } rows[] = {
        { get, "[" ELEMENT "]", "G1", "an object was expected" },
        { get, "", "G1", "the body is empty" },
        { get, "{}", "R2", "/id is absent" },
        { get, "nonsense", "G1", "not JSON" },
        { get,
          "{\"id\":7,\"team_id\":2,\"contact_id\":3,\"channel_type\":\"Phone\",\"channel_id\":"
          "\"1\","
          "\"created\":\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}",
          "G2", "/channel_type is \"Phone\"" },
        { list, ELEMENT, "L1", "an object with the member \"id\"" },
        { list, "null", "L1", "the body is null" },
        { list, "[1]", "R2", "/0 is an integer" },
        { update, "\"ok\"", "U4", "an array or an object was expected" },
        { update, "[]", "U2", "does not contain the channel with its new value" },
        { delete, "[{\"id\":1.5}]", "R2", "/0/id is a number with a fraction" },
        { inbox, INBOX, "N1", "an array was expected" },
        { inbox, "[7]", "N1", "/0 is an integer, an object was expected" },
        { inbox, "[{\"name\":\"x\",\"team\":1,\"members\":[],\"phones\":[]}]", "N1",
          "/0/id is absent, an integer was expected" },
        { inbox, "[{\"id\":1,\"name\":null,\"team\":1,\"members\":[],\"phones\":[]}]", "N1",
          "/0/name is null, a string was expected" },
        { inbox, "[{\"id\":1,\"name\":\"x\",\"team\":1,\"members\":[1,\"2\"],\"phones\":[]}]", "N1",
          "/0/members/1 is a string, an integer was expected" },
        { inbox, "[{\"id\":1,\"name\":\"x\",\"team\":1,\"members\":{},\"phones\":[3]}]", "N1",
          "/0/members is an object, an array of integers was expected" },
        { inbox, "[{\"id\":1e300,\"name\":\"x\",\"team\":1,\"members\":[],\"phones\":[]}]", "N1",
          "an integer that does not fit into 64 bits" },
        { inbox, "[{\"id\":1,\"name\":\"x\",\"team\":1,\"members\":[],\"phones\":[],\"phone\":1}]",
          "N1", "/0/phone is an integer, a string was expected" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct test_turn turn = OK_JSON(rows[i].body);
        bool is_write = rows[i].call == update || rows[i].call == delete;

        client_bench_begin(&turn, 1);
        assert_int_equal(rows[i].call(), HM_BAD_ANSWER);
        assert_string_equal(client_bench.err.clause, rows[i].clause);
        assert_non_null(strstr(client_bench.err.text, rows[i].says));
        assert_int_equal(client_bench.err.written, is_write ? HM_WRITTEN_YES : HM_WRITTEN_NO);
        assert_int_equal(strstr(client_bench.err.text, "the write was done") != NULL, is_write);
        assert_int_equal(client_bench.err.status, 200);
        assert_int_equal(client_bench_requests(), 1);
        (void)end(NULL);
    }
}

/* [E7] What changes nothing is sent again after a lost answer or a 5xx; a write is not. */
TEST(repeats_only_what_changes_nothing)
{
    static const struct {
        struct test_turn first;
        enum hm_code code; /* of a write */
    } rows[] = {
        { { .then = TEST_CLOSES }, HM_OUTCOME_UNKNOWN },
        { { .then = TEST_RESETS }, HM_OUTCOME_UNKNOWN },
        { { .status = 200, .body = "[{\"id\"", .held_back = 3, .then = TEST_CLOSES },
          HM_OUTCOME_UNKNOWN },
        { { .status = 500 }, HM_SERVER_ERROR },
        { { .status = 502 }, HM_SERVER_ERROR },
        { { .status = 503, .headers = "Retry-After: 0\r\n" }, HM_SERVER_ERROR },
        { { .status = 504 }, HM_SERVER_ERROR },
        { { .status = 408 }, HM_REFUSED },
    };

    for (size_t i = 0; i < OPERATIONS; i++) {
        for (size_t j = 0; j < sizeof rows / sizeof rows[0]; j++) {
            const struct test_turn turns[] = { rows[j].first, OK_JSON(operations[i].good) };
            bool is_safe = operations[i].is_safe;

            client_bench_begin(turns, 2);
            assert_int_equal(operations[i].call(), is_safe ? HM_OK : rows[j].code);
            assert_int_equal(client_bench_requests(), is_safe ? 2 : 1);
            if (!is_safe)
                assert_int_equal(client_bench.err.written, HM_WRITTEN_UNKNOWN);
            (void)end(NULL);
        }
    }
}

/* 429 and a kept token's 401 are sent again for all; what repeating cannot help for none. */
TEST(repeats_the_rest_as_create_does)
{
    static const int never[] = { 301, 400, 401, 403, 404, 405, 501, 505 };

    for (size_t i = 0; i < OPERATIONS; i++) {
        const struct test_turn limited[] = { { .status = 429 }, OK_JSON(operations[i].good) };

        client_bench_begin(limited, 2);
        assert_int_equal(operations[i].call(), HM_OK);
        assert_int_equal(client_bench_requests(), 2);
        (void)end(NULL);
        for (size_t j = 0; j < sizeof never / sizeof never[0]; j++) {
            const struct test_turn refused = { .status = never[j] };

            client_bench_begin(&refused, 1);
            assert_int_not_equal(operations[i].call(), HM_OK);
            assert_int_equal(client_bench.err.status, never[j]);
            assert_int_equal(client_bench_requests(), 1);
            (void)end(NULL);
        }
    }
}

/* A safe request that never gets an answer ends after HM_ATTEMPTS_MAX, and nothing was written. */
TEST(gives_up_and_says_that_nothing_was_written)
{
    static const struct test_turn turns[] = { { .then = TEST_CLOSES } };

    client_bench_begin(turns, 1);
    assert_int_equal(get(), HM_OUTCOME_UNKNOWN);
    assert_int_equal(client_bench_requests(), HM_ATTEMPTS_MAX);
    assert_int_equal(client_bench.err.attempts, HM_ATTEMPTS_MAX);
    assert_int_equal(client_bench.err.written, HM_WRITTEN_NO);
    assert_null(strstr(client_bench.err.text, "write"));
}

/* What a check of credentials needs: the server's clock, and that a certificate was not trusted.
 */
TEST(tells_the_servers_time_and_an_untrusted_certificate)
{
    static const struct test_turn turns[] = {
        { .status = 401, .headers = "Date: Tue, 16 Apr 2024 00:00:00 GMT\r\n" },
        { .status = 401, .headers = "Date: yesterday\r\n" },
    };
    struct hm_client_options options = { .secret_id = bench_id, .secret_key = bench_key };

    client_bench_begin(turns, 2);
    assert_int_equal(inbox(), HM_CREDENTIALS_REFUSED);
    assert_int_equal(client_bench.err.server_time, 1713225600);
    assert_false(client_bench.err.is_untrusted);
    assert_int_equal(inbox(), HM_CREDENTIALS_REFUSED);
    assert_int_equal(client_bench.err.server_time, 0);
    (void)end(NULL);
    client_bench.server = test_server_start_tls(turns, 1);
    options.base_url = test_server_url(client_bench.server);
    assert_int_equal(hm_client_new(&client_bench.client, &options, &client_bench.err), HM_OK);
    assert_int_equal(inbox(), HM_NOT_SENT);
    assert_true(client_bench.err.is_untrusted);
    assert_int_equal(client_bench.err.attempts, 1);
}

EACH_TEST_WITHIN(NULL, end)
