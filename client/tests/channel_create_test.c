/* The call: what it sends, what it sends again, and the typed errors [E1-E7 R1-R9 J6]. */
#include <heymarket/channel.h>
#include <heymarket/token.h>

#include "client_handle.h"
#include "test_server.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char id[] = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa";
static const char key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK";
static const char contact[] = "0E5C2F70-5C5B-4D57-9C3B-1B6C2E1D9A10";

#define REQUEST_ID "6f0c5a38-7f5e-4f6e-9a77-4c0a5d1c2b3a"
#define HEADERS    "Content-Type: application/json\r\nX-Request-Id: " REQUEST_ID "\r\n"
#define ELEMENT                                                                                    \
    "{\"id\":7,\"team_id\":2,\"contact_id\":3,\"channel_type\":\"phone\","                         \
    "\"channel_id\":\"14155551234\",\"info_channel\":\"\",\"channel_handle\":\"\","                \
    "\"created\":\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}"
#define CREATED                                                                                    \
    {                                                                                              \
        .status = 200, .headers = HEADERS, .body = "[" ELEMENT "]"                                 \
    }

enum { NOW = 1713225600, TIMEOUT_MS = 5000 };

/* One test's server, client, clock and what the trace hook was told. */
struct bench {
    struct test_server *server;
    struct hm_client *client;
    struct hm_channel_list list;
    struct hm_error err;
    int64_t now;
    char events[1024];
};

static struct bench bench;

static int64_t bench_now(void *context)
{
    return ((struct bench *)context)->now;
}

static void bench_trace(void *context, const struct hm_trace *event)
{
    struct bench *told = context;
    size_t length = strlen(told->events);

    snprintf(told->events + length, sizeof told->events - length, "%s%s %d", length > 0 ? ", " : "",
             event->event, event->attempt);
    length = strlen(told->events);
    if (strcmp(event->event, "answer") == 0)
        snprintf(told->events + length, sizeof told->events - length, " %d%s%s", event->status,
                 event->request_id[0] != '\0' ? " " : "", event->request_id);
    else if (strcmp(event->event, "retry") == 0)
        snprintf(told->events + length, sizeof told->events - length, " (%s)", event->reason);
}

static void begin_at(const char *url, int64_t timeout_ms)
{
    struct hm_client_options options = {
        .base_url = url,
        .secret_id = id,
        .secret_key = key,
        .timeout_ms = timeout_ms,
        .now = bench_now,
        .now_context = &bench,
        .trace = bench_trace,
        .trace_context = &bench,
    };

    bench.now = NOW;
    assert_int_equal(hm_client_new(&bench.client, &options, &bench.err), HM_OK);
    bench.client->pace.first_ms = 1; /* no test waits for the real back-off */
    bench.client->pace.most_ms = 4;
}

static void begin(const struct test_turn *turns, size_t count)
{
    bench.server = test_server_start(turns, count);
    begin_at(test_server_url(bench.server), TIMEOUT_MS);
}

static int clean_up(void **state)
{
    (void)state;
    hm_channel_list_fini(&bench.list);
    hm_client_free(bench.client);
    test_server_stop(bench.server);
    memset(&bench, 0, sizeof bench);
    return 0;
}

static enum hm_code create(void)
{
    hm_channel_list_fini(&bench.list);
    memset(&bench.err, 0, sizeof bench.err);
    return hm_channel_create(&bench.list, bench.client, contact, "phone", "14155551234",
                             &bench.err);
}

static size_t requests(void)
{
    return test_server_requests(bench.server);
}

/* The token of a request, in static storage. */
static const char *token_of(size_t request)
{
    static char token[2][512];
    static int turn;
    const char *text = strstr(test_server_request(bench.server, request), "Authorization: Bearer ");
    char *out = token[turn = !turn];

    assert_non_null(text);
    snprintf(out, sizeof token[0], "%.*s", (int)strcspn(text + 22, "\r"), text + 22);
    return out;
}

static void sends_the_request_of_the_contract(void **state)
{
    static const struct test_turn turns[] = { CREATED };
    const char *request;

    (void)state;
    begin(turns, 1);
    assert_int_equal(create(), HM_OK);
    request = test_server_request(bench.server, 0);
    assert_int_equal(strncmp(request,
                             "POST /v2/contact/0e5c2f70-5c5b-4d57-9c3b-1b6c2e1d9a10/channel "
                             "HTTP/1.1\r\n",
                             72),
                     0);
    assert_non_null(strstr(request, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(
        strstr(request, "\r\n\r\n{\"channel_type\":\"phone\",\"channel_id\":\"14155551234\"}"));
    assert_null(strstr(request, "Expect"));
}

static void fills_the_list(void **state)
{
    static const struct test_turn turns[] = {
        { .status = 201, .headers = HEADERS, .body = "[" ELEMENT "," ELEMENT "]" }
    };

    (void)state;
    begin(turns, 1);
    assert_int_equal(create(), HM_OK);
    assert_int_equal(bench.list.count, 2);
    assert_int_equal(bench.list.status, 201);
    assert_int_equal(bench.list.attempts, 1);
    assert_string_equal(bench.list.request_id, REQUEST_ID);
    assert_int_equal(bench.list.at[1].id, 7);
    assert_string_equal(bench.list.at[1].channel_id, "14155551234");
    assert_string_equal(bench.events, "request 1, answer 1 201 " REQUEST_ID);
}

static void stops_before_it_sends_what_the_rules_refuse(void **state)
{
    static const struct test_turn turns[] = { CREATED };
    static const struct {
        const char *contact, *type, *id, *clause, *mistake;
    } rows[] = {
        { "12345", "phone", "14155551234", "B7", "contact-id-is-integer" },
        { "{contactID}", "phone", "14155551234", "B7", "contact-id-not-uuid" },
        { contact, "", "14155551234", "B5", "value-empty" },
        { contact, "phone", "", "B5", "value-empty" },
        { contact, "email", "\xFF", "B1", "" },
        { contact, NULL, "x", "", "" },
    };

    (void)state;
    begin(turns, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(hm_channel_create(&bench.list, bench.client, rows[i].contact, rows[i].type,
                                           rows[i].id, &bench.err),
                         HM_BAD_ARGUMENT);
        assert_string_equal(bench.err.clause, rows[i].clause);
        assert_string_equal(bench.err.mistake, rows[i].mistake);
        assert_int_equal(bench.err.attempts, 0);
        assert_int_equal(bench.err.written, HM_WRITTEN_NO);
    }
    assert_int_equal(requests(), 0);
    assert_int_equal(
        hm_channel_create(&bench.list, bench.client, contact, "phone", "+14155551234", &bench.err),
        HM_OK); /* a warning is no refusal */
    assert_int_equal(requests(), 1);
}

static void tries_four_times_where_nobody_listens(void **state)
{
    (void)state;
    begin_at(test_server_nobody(), TIMEOUT_MS);
    assert_int_equal(create(), HM_NOT_SENT);
    assert_int_equal(bench.err.attempts, 4);
    assert_int_equal(bench.err.written, HM_WRITTEN_NO);
    assert_int_equal(bench.err.status, 0);
    assert_non_null(strstr(bench.err.text, "refused"));
    assert_int_equal(bench.list.count, 0);
    assert_string_equal(bench.events, "request 1, answer 1 0, retry 1 (not sent), "
                                      "request 2, answer 2 0, retry 2 (not sent), "
                                      "request 3, answer 3 0, retry 3 (not sent), "
                                      "request 4, answer 4 0");
}

/* [E7] What may have been written is not sent a second time. */
static void assert_outcome_unknown_after(size_t requests_before)
{
    assert_int_equal(create(), HM_OUTCOME_UNKNOWN);
    assert_int_equal(requests(), requests_before + 1);
    assert_int_equal(bench.err.attempts, 1);
    assert_int_equal(bench.err.written, HM_WRITTEN_UNKNOWN);
    assert_non_null(strstr(bench.err.text, "may have been done"));
}

static void does_not_repeat_what_a_closing_server_took(void **state)
{
    static const struct test_turn closes[] = { { .then = TEST_CLOSES } };

    (void)state;
    begin(closes, 1);
    assert_outcome_unknown_after(0);
}

static void does_not_repeat_on_a_connection_in_use(void **state)
{
    static const struct test_turn turns[] = {
        CREATED, { .then = TEST_CLOSES }, CREATED, { .then = TEST_RESETS }
    };

    (void)state;
    begin(turns, 4);
    assert_int_equal(create(), HM_OK);
    assert_outcome_unknown_after(1);
    assert_int_equal(create(), HM_OK);
    assert_outcome_unknown_after(3);
}

static void does_not_repeat_after_a_truncated_answer(void **state)
{
    static const struct test_turn cut[] = { { .status = 200,
                                              .headers = HEADERS,
                                              .body = "[" ELEMENT "]",
                                              .held_back = 1,
                                              .then = TEST_CLOSES } };

    (void)state;
    begin(cut, 1);
    assert_outcome_unknown_after(0);
    assert_int_equal(bench.err.status, 200);
    assert_string_equal(bench.err.request_id, REQUEST_ID);
}

static void does_not_repeat_after_its_time_is_up(void **state)
{
    static const struct test_turn stalls[] = { { .then = TEST_STALLS } };

    (void)state;
    bench.server = test_server_start(stalls, 1);
    begin_at(test_server_url(bench.server), 150);
    assert_outcome_unknown_after(0);
}

/* An error answer is one request, with these fields. */
static void assert_answer(const struct test_turn *turn, enum hm_code code, enum hm_written written,
                          const char *clause)
{
    begin(turn, 1);
    assert_int_equal(create(), code);
    assert_int_equal(requests(), 1);
    assert_int_equal(bench.err.code, code);
    assert_int_equal(bench.err.status, turn->status);
    assert_int_equal(bench.err.written, written);
    assert_int_equal(bench.err.attempts, 1);
    assert_string_equal(bench.err.clause, clause);
    assert_int_equal(bench.list.count, 0);
    (void)clean_up(NULL);
}

static void tells_error_answers_apart_and_repeats_none(void **state)
{
    static const struct {
        struct test_turn turn;
        enum hm_code code;
        enum hm_written written;
        const char *clause;
    } rows[] = {
        { { .status = 400 }, HM_REFUSED, HM_WRITTEN_NO, "E1" },
        { { .status = 401 }, HM_CREDENTIALS_REFUSED, HM_WRITTEN_NO, "E2" },
        { { .status = 403 }, HM_REFUSED, HM_WRITTEN_NO, "E3" },
        { { .status = 404 }, HM_REFUSED, HM_WRITTEN_NO, "" },
        { { .status = 408 }, HM_REFUSED, HM_WRITTEN_UNKNOWN, "" },
        { { .status = 415 }, HM_REFUSED, HM_WRITTEN_NO, "T5" },
        { { .status = 500 }, HM_SERVER_ERROR, HM_WRITTEN_UNKNOWN, "E5" },
        { { .status = 503, .headers = "Retry-After: 0\r\n" },
          HM_SERVER_ERROR,
          HM_WRITTEN_UNKNOWN,
          "E5" },
        { { .status = 301, .headers = "Location: https://elsewhere.example/\r\n" },
          HM_REFUSED,
          HM_WRITTEN_NO,
          "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_answer(&rows[i].turn, rows[i].code, rows[i].written, rows[i].clause);
}

static void carries_what_the_server_says(void **state)
{
    static const struct test_turn turns[] = {
        { .status = 401,
          .headers = HEADERS "X-Mock-Finding: J9 typ-missing; warned\r\n"
                             "X-Mock-Finding: J5 secret-key-alone\r\n",
          .body =
              "{\"error\":\"unauthorized\",\"message\":\"signed with the key \\u001b alone\"}" },
        { .status = 502, .headers = "Content-Type: text/plain\r\n", .body = "bad gateway\nmore" },
        { .status = 307, .headers = "Location: https://elsewhere.example/\r\n" },
    };

    (void)state;
    begin(turns, 3);
    assert_int_equal(create(), HM_CREDENTIALS_REFUSED);
    assert_string_equal(bench.err.clause, "J5");
    assert_string_equal(bench.err.mistake, "secret-key-alone");
    assert_string_equal(bench.err.request_id, REQUEST_ID);
    assert_string_equal(bench.err.text, "the server answered 401 unauthorized: signed with the key "
                                        "\\x1B alone");
    assert_int_equal(create(), HM_SERVER_ERROR);
    assert_non_null(strstr(bench.err.text, "502 bad gateway; the write may have been done"));
    assert_int_equal(create(), HM_REFUSED);
    assert_non_null(strstr(bench.err.text, "where \"https://elsewhere.example/\" leads"));
}

static void leaves_secrets_out_of_what_the_server_says(void **state)
{
    static char body[1024];
    static const struct test_turn turns[] = { { .status = 401, .headers = HEADERS, .body = body } };
    char *token = NULL;

    (void)state;
    assert_int_equal(hm_token_sign(&token, id, key, NOW, NULL), HM_OK); /* what will be sent */
    snprintf(body, sizeof body, "{\"message\":\"you sent %s, signed %s, with %s\"}", token,
             strrchr(token, '.') + 1, key);
    free(token);
    begin(turns, 1);
    assert_int_equal(create(), HM_CREDENTIALS_REFUSED);
    assert_string_equal(bench.err.text, "the server answered 401 you sent <secret>, signed "
                                        "<secret>, with <secret>");
}

static void keeps_its_advice_when_the_server_talks_too_much(void **state)
{
    static char body[2048];
    static const struct test_turn turns[] = { { .status = 500, .headers = HEADERS, .body = body } };

    (void)state;
    snprintf(body, sizeof body, "{\"message\":\"%01500d\"}", 0);
    begin(turns, 1);
    assert_int_equal(create(), HM_SERVER_ERROR);
    assert_int_equal(strlen(bench.err.text), sizeof bench.err.text - 1);
    assert_non_null(strstr(bench.err.text, "before sending it again"));
}

static void waits_and_repeats_after_429(void **state)
{
    static const struct test_turn turns[] = {
        { .status = 429, .headers = "Retry-After: 0\r\n" },
        { .status = 429, .headers = "Retry-After: Tue, 16 Apr 2024 00:00:00 GMT\r\n" },
        { .status = 429, .headers = "Retry-After: nonsense\r\n" },
        CREATED,
    };

    (void)state;
    begin(turns, 4);
    assert_int_equal(create(), HM_OK);
    assert_int_equal(bench.list.attempts, 4);
    assert_int_equal(requests(), 4);
    assert_int_equal(test_server_connections(bench.server), 1);
    assert_string_equal(bench.events,
                        "request 1, answer 1 429, retry 1 (429), request 2, answer 2 429, "
                        "retry 2 (429), request 3, answer 3 429, retry 3 (429), "
                        "request 4, answer 4 200 " REQUEST_ID);
}

static void gives_up_after_four_429(void **state)
{
    static const struct test_turn turns[] = { { .status = 429, .headers = HEADERS } };

    (void)state;
    begin(turns, 1);
    assert_int_equal(create(), HM_RATE_LIMITED);
    assert_int_equal(requests(), 4);
    assert_int_equal(bench.err.attempts, 4);
    assert_int_equal(bench.err.written, HM_WRITTEN_NO);
    assert_string_equal(bench.err.clause, "E4");
}

static void returns_at_once_when_retry_after_exceeds_the_time_left(void **state)
{
    static const struct test_turn turns[] = { { .status = 429, .headers = "Retry-After: 6\r\n" } };

    (void)state;
    begin(turns, 1);
    assert_int_equal(create(), HM_RATE_LIMITED);
    assert_int_equal(requests(), 1);
    assert_int_equal(bench.err.attempts, 1);
    assert_non_null(strstr(bench.err.text, "Retry-After is \"6\""));
}

static void repeats_one_401_to_a_kept_token_with_a_new_one(void **state)
{
    static const struct test_turn turns[] = { CREATED, { .status = 401 }, CREATED };

    (void)state;
    begin(turns, 3);
    assert_int_equal(create(), HM_OK);
    bench.now += 10;
    assert_int_equal(create(), HM_OK);
    assert_int_equal(bench.list.attempts, 2);
    assert_int_equal(requests(), 3);
    assert_string_equal(token_of(0), token_of(1));
    assert_string_not_equal(token_of(1), token_of(2));
}

static void repeats_no_second_401(void **state)
{
    static const struct test_turn turns[] = { CREATED, { .status = 401 } };

    (void)state;
    begin(turns, 2);
    assert_int_equal(create(), HM_OK);
    assert_int_equal(create(), HM_CREDENTIALS_REFUSED);
    assert_int_equal(bench.err.attempts, 2);
    assert_int_equal(requests(), 3);
}

static void keeps_a_token_for_240_seconds(void **state)
{
    static const struct test_turn turns[] = { CREATED };
    static const int64_t times[] = { NOW, NOW + 239, NOW + 240, NOW + 241, NOW + 239 };

    (void)state;
    begin(turns, 1);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        bench.now = times[i];
        assert_int_equal(create(), HM_OK);
    }
    assert_string_equal(token_of(0), token_of(1));
    assert_string_not_equal(token_of(1), token_of(2)); /* 240 s old */
    assert_string_equal(token_of(2), token_of(3));
    assert_string_not_equal(token_of(3), token_of(4)); /* the clock went back before its iat */
}

static void reuses_its_connection(void **state)
{
    static const struct test_turn turns[] = { CREATED };

    (void)state;
    begin(turns, 1);
    for (int i = 0; i < 5; i++)
        assert_int_equal(create(), HM_OK);
    assert_int_equal(requests(), 5);
    assert_int_equal(test_server_connections(bench.server), 1);
}

static void believes_the_ca_file_over_tls(void **state)
{
    static const struct test_turn turns[] = { CREATED };
    struct hm_client_options options = { .secret_id = id, .secret_key = key };

    (void)state;
    bench.server = test_server_start_tls(turns, 1);
    options.base_url = test_server_url(bench.server);
    options.ca_file = test_server_ca_file(bench.server);
    assert_int_equal(hm_client_new(&bench.client, &options, &bench.err), HM_OK);
    assert_int_equal(create(), HM_OK);
    hm_client_free(bench.client);
    options.ca_file = NULL;
    assert_int_equal(hm_client_new(&bench.client, &options, &bench.err), HM_OK);
    bench.client->pace.most_ms = 1;
    assert_int_equal(create(), HM_NOT_SENT);
    assert_int_equal(requests(), 1);
}

/* A broken 2xx: the write was done, the clause is named, what can be read is there. */
static void assert_bad_answer(const struct test_turn *turn, const char *clause, const char *says,
                              size_t count)
{
    begin(turn, 1);
    assert_int_equal(create(), HM_BAD_ANSWER);
    assert_string_equal(bench.err.clause, clause);
    assert_non_null(strstr(bench.err.text, says));
    assert_int_equal(bench.err.written, HM_WRITTEN_YES);
    assert_int_equal(bench.err.status, turn->status);
    assert_int_equal(bench.err.attempts, 1);
    assert_string_equal(bench.err.request_id, REQUEST_ID);
    assert_int_equal(bench.list.count, count);
    assert_int_equal(requests(), 1);
    (void)clean_up(NULL);
}

static void names_the_clause_that_an_answer_breaks(void **state)
{
    static const struct test_turn object = { .status = 200, .headers = HEADERS, .body = ELEMENT };
    static const struct test_turn empty = { .status = 200, .headers = HEADERS };
    static const struct test_turn wrong_type = { .status = 200,
                                                 .headers = HEADERS,
                                                 .body = "[" ELEMENT ",{\"id\":\"7\"}]" };
    static const struct test_turn two_teams = {
        .status = 200,
        .headers = HEADERS,
        .body = "[" ELEMENT ",{\"id\":7,\"team_id\":9,\"contact_id\":3,\"channel_type\":\"phone\","
                "\"channel_id\":\"1\",\"created\":\"2024-04-16T00:00:00Z\","
                "\"updated\":\"2024-04-16T00:00:00Z\"}]"
    };
    static const struct test_turn wrong_time = {
        .status = 201,
        .headers = HEADERS,
        .body = "[{\"id\":7,\"team_id\":9,\"contact_id\":3,\"channel_type\":\"phone\","
                "\"channel_id\":\"1\",\"created\":\"yesterday\","
                "\"updated\":\"2024-04-16T00:00:00Z\"}]"
    };
    static const struct test_turn html = {
        .status = 200,
        .headers = "Content-Type: text/html\r\nX-Request-Id: " REQUEST_ID "\r\n",
        .body = "[" ELEMENT "]"
    };

    (void)state;
    assert_bad_answer(&object, "R1", "an object with the member \"id\"", 0);
    assert_bad_answer(&empty, "R1", "the body is empty", 0);
    assert_bad_answer(&wrong_type, "R2", "/1/id is a string, an integer was expected", 2);
    assert_bad_answer(&two_teams, "R8", "/1/team_id is 9 and /0/team_id is 2", 2);
    assert_bad_answer(&wrong_time, "R5", "/0/created is \"yesterday\"", 1);
    assert_bad_answer(&html, "R6", "Content-Type is \"text/html\"", 1);
}

static void accepts_absent_optional_members(void **state)
{
    static const struct test_turn turns[] = {
        { .status = 200,
          .headers = HEADERS,
          .body = "[{\"id\":7,\"team_id\":9,\"contact_id\":3,\"channel_type\":\"phone\","
                  "\"channel_id\":\"1\",\"created\":\"2024-04-16T00:00:00.5+02:00\",\"more\":[],"
                  "\"updated\":\"2024-04-16T00:00:00Z\"}]" }
    };

    (void)state;
    begin(turns, 1);
    assert_int_equal(create(), HM_OK);
    assert_string_equal(bench.list.at[0].info_channel, "");
}

static void refuses_options_that_cannot_be_right(void **state)
{
    static const struct {
        struct hm_client_options options;
        enum hm_code code;
        const char *says;
    } rows[] = {
        { { .secret_id = id }, HM_BAD_ARGUMENT, "ID and key are required" },
        { { .secret_id = "", .secret_key = key }, HM_BAD_ARGUMENT, "ID is empty" },
        { { .secret_id = "\xFF", .secret_key = key }, HM_BAD_ARGUMENT, "not UTF-8" },
        { { .secret_id = id, .secret_key = key, .timeout_ms = -1 },
          HM_BAD_ARGUMENT,
          "timeout_ms is -1" },
        { { .secret_id = id, .secret_key = key, .base_url = "http://api.heymarket.com" },
          HM_BAD_ARGUMENT,
          "plain http" },
        { { .secret_id = id, .secret_key = key, .base_url = "https://api.heymarket.com/v2" },
          HM_BAD_ARGUMENT,
          "ends in /v2" },
        { { .secret_id = id, .secret_key = key, .ca_file = "/nonexistent" },
          HM_BAD_INPUT,
          "/nonexistent" },
        { { .secret_id = id, .secret_key = key, .ca_file = "/etc/passwd" },
          HM_BAD_INPUT,
          "no certificate" },
    };
    struct hm_client_options allowed = { .secret_id = id,
                                         .secret_key = key,
                                         .base_url = "http://api.heymarket.com",
                                         .allows_plaintext = true };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(hm_client_new(&bench.client, &rows[i].options, &bench.err), rows[i].code);
        assert_null(bench.client);
        assert_non_null(strstr(bench.err.text, rows[i].says));
        assert_null(strstr(bench.err.text, key));
    }
    assert_int_equal(hm_client_new(&bench.client, &allowed, NULL), HM_OK);
}

#define TEST(name) cmocka_unit_test_teardown(name, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sends_the_request_of_the_contract),
        TEST(fills_the_list),
        TEST(stops_before_it_sends_what_the_rules_refuse),
        TEST(tries_four_times_where_nobody_listens),
        TEST(does_not_repeat_what_a_closing_server_took),
        TEST(does_not_repeat_on_a_connection_in_use),
        TEST(does_not_repeat_after_a_truncated_answer),
        TEST(does_not_repeat_after_its_time_is_up),
        TEST(tells_error_answers_apart_and_repeats_none),
        TEST(carries_what_the_server_says),
        TEST(leaves_secrets_out_of_what_the_server_says),
        TEST(keeps_its_advice_when_the_server_talks_too_much),
        TEST(waits_and_repeats_after_429),
        TEST(gives_up_after_four_429),
        TEST(returns_at_once_when_retry_after_exceeds_the_time_left),
        TEST(repeats_one_401_to_a_kept_token_with_a_new_one),
        TEST(repeats_no_second_401),
        TEST(keeps_a_token_for_240_seconds),
        TEST(reuses_its_connection),
        TEST(believes_the_ca_file_over_tls),
        TEST(names_the_clause_that_an_answer_breaks),
        TEST(accepts_absent_optional_members),
        TEST(refuses_options_that_cannot_be_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
