/* The call: what it sends, the list it fills, and the typed errors [E1-E5 R1-R9]. */
#include "tests/client_bench.h"

#include "tests/unit.h"
#include "transport/answer_error.h"
#include <heymarket/token.h>

TEST(sends_the_request_of_the_contract)
{
    static const struct test_turn turns[] = { CREATED };
    const char *request;

    client_bench_begin(turns, 1);
    assert_int_equal(client_bench_create(), HM_OK);
    request = test_server_request(client_bench.server, 0);
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

TEST(fills_the_list)
{
    static const struct test_turn turns[] = {
        { .status = 201, .headers = HEADERS, .body = "[" ELEMENT "," ELEMENT "]" }
    };

    client_bench_begin(turns, 1);
    assert_int_equal(client_bench_create(), HM_OK);
    assert_int_equal(client_bench.list.count, 2);
    assert_int_equal(client_bench.list.status, 201);
    assert_int_equal(client_bench.list.attempts, 1);
    assert_string_equal(client_bench.list.request_id, REQUEST_ID);
    assert_int_equal(client_bench.list.at[1].id, 7);
    assert_string_equal(client_bench.list.at[1].channel_id, "14155551234");
    assert_string_equal(client_bench.events, "request 1, answer 1 201 " REQUEST_ID);
}

TEST(a_list_without_the_new_channel_is_a_bad_answer)
{
    static const struct test_turn turns[] = { { .status = 200, .headers = HEADERS, .body = "[]" },
                                              CREATED };

    client_bench_begin(turns, 2);
    assert_int_equal(client_bench_create(), HM_BAD_ANSWER);
    assert_string_equal(client_bench.err.clause, "R3");
    assert_int_equal(client_bench.err.written, HM_WRITTEN_YES);
    hm_channel_list_fini(&client_bench.list);
    assert_int_equal(hm_channel_create(&client_bench.list, client_bench.client, bench_contact,
                                       "phone", "+14155551234", &client_bench.err),
                     HM_OK); /* listed without its plus */
}

TEST(stops_before_it_sends_what_the_rules_refuse)
{
    static const struct test_turn turns[] = { CREATED };
    static const struct {
        const char *contact, *type, *id, *clause, *mistake;
    } rows[] = {
        { "12345", "phone", "14155551234", "B7", "contact-id-is-integer" },
        { "{contactID}", "phone", "14155551234", "B7", "contact-id-not-uuid" },
        { bench_contact, "", "14155551234", "B5", "value-empty" },
        { bench_contact, "phone", "", "B5", "value-empty" },
        { bench_contact, "email", "\xFF", "B1", "" },
        { bench_contact, NULL, "x", "", "" },
    };

    client_bench_begin(turns, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(hm_channel_create(&client_bench.list, client_bench.client, rows[i].contact,
                                           rows[i].type, rows[i].id, &client_bench.err),
                         HM_BAD_ARGUMENT);
        assert_string_equal(client_bench.err.clause, rows[i].clause);
        assert_string_equal(client_bench.err.mistake, rows[i].mistake);
        assert_int_equal(client_bench.err.attempts, 0);
        assert_int_equal(client_bench.err.written, HM_WRITTEN_NO);
    }
    assert_int_equal(client_bench_requests(), 0);
    assert_int_equal(hm_channel_create(&client_bench.list, client_bench.client, bench_contact,
                                       "phone", "+14155551234", &client_bench.err),
                     HM_OK); /* a warning is no refusal */
    assert_int_equal(client_bench_requests(), 1);
}

/* An error answer is one request, with these fields. */
static void assert_answer(const struct test_turn *turn, enum hm_code code, enum hm_written written,
                          const char *clause)
{
    client_bench_begin(turn, 1);
    assert_int_equal(client_bench_create(), code);
    assert_int_equal(client_bench_requests(), 1);
    assert_int_equal(client_bench.err.code, code);
    assert_int_equal(client_bench.err.status, turn->status);
    assert_int_equal(client_bench.err.written, written);
    assert_int_equal(client_bench.err.attempts, 1);
    assert_string_equal(client_bench.err.clause, clause);
    assert_int_equal(client_bench.list.count, 0);
    (void)client_bench_end(NULL);
}

TEST(tells_error_answers_apart_and_repeats_none)
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

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_answer(&rows[i].turn, rows[i].code, rows[i].written, rows[i].clause);
}

TEST(carries_what_the_server_says)
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

    client_bench_begin(turns, 3);
    assert_int_equal(client_bench_create(), HM_CREDENTIALS_REFUSED);
    assert_string_equal(client_bench.err.clause, "J5");
    assert_string_equal(client_bench.err.mistake, "secret-key-alone");
    assert_string_equal(client_bench.err.request_id, REQUEST_ID);
    assert_string_equal(client_bench.err.text,
                        "the server answered 401 unauthorized: signed with the key "
                        "\\x1B alone");
    assert_int_equal(client_bench_create(), HM_SERVER_ERROR);
    assert_non_null(strstr(client_bench.err.text, "502 bad gateway; the write may have been done"));
    assert_int_equal(client_bench_create(), HM_REFUSED);
    assert_non_null(strstr(client_bench.err.text, "Location, \"https://elsewhere.example/\""));
}

TEST(leaves_secrets_out_of_what_the_server_says)
{
    static char body[1024];
    static const struct test_turn turns[] = { { .status = 401, .headers = HEADERS, .body = body } };
    char *token = NULL;

    assert_int_equal(hm_token_sign(&token, bench_id, bench_key, CLIENT_BENCH_NOW, NULL),
                     HM_OK); /* what will be sent */
    snprintf(body, sizeof body, "{\"message\":\"you sent %s, signed %s, with %s\"}", token,
             strrchr(token, '.') + 1, bench_key);
    free(token);
    client_bench_begin(turns, 1);
    assert_int_equal(client_bench_create(), HM_CREDENTIALS_REFUSED);
    assert_string_equal(client_bench.err.text,
                        "the server answered 401 you sent <token of 165 characters>, signed "
                        "<token of 43 characters>, with <known key>");
}

TEST(judges_an_answer_that_is_too_big_by_its_status)
{
    static const struct answer_context context = { .url = "https://api.example", .attempts = 1 };
    struct http_answer answer = { .outcome = HTTP_ANSWER_TOO_BIG, .status = 200, .reason = "big" };
    struct hm_error err;

    assert_int_equal(answer_error(&err, &answer, &context), HM_BAD_ANSWER);
    assert_int_equal(err.written, HM_WRITTEN_YES);
    assert_string_equal(err.text, "the server answered 200, and big");
    answer.status = 401;
    assert_int_equal(answer_error(NULL, &answer, &context), HM_CREDENTIALS_REFUSED);
}

TEST(keeps_its_advice_when_the_server_talks_too_much)
{
    static char body[2048];
    static const struct test_turn turns[] = { { .status = 500, .headers = HEADERS, .body = body } };

    snprintf(body, sizeof body, "{\"message\":\"%01500d\"}", 0);
    client_bench_begin(turns, 1);
    assert_int_equal(client_bench_create(), HM_SERVER_ERROR);
    assert_int_equal(strlen(client_bench.err.text), sizeof client_bench.err.text - 1);
    assert_non_null(strstr(client_bench.err.text, "before sending it again"));
}

TEST(believes_the_ca_file_over_tls)
{
    static const struct test_turn turns[] = { CREATED };
    struct hm_client_options options = { .secret_id = bench_id, .secret_key = bench_key };

    client_bench.server = test_server_start_tls(turns, 1);
    options.base_url = test_server_url(client_bench.server);
    options.ca_file = test_server_ca_file(client_bench.server);
    assert_int_equal(hm_client_new(&client_bench.client, &options, &client_bench.err), HM_OK);
    assert_int_equal(client_bench_create(), HM_OK);
    hm_client_free(client_bench.client);
    options.ca_file = NULL;
    assert_int_equal(hm_client_new(&client_bench.client, &options, &client_bench.err), HM_OK);
    client_bench.client->pace.most_ms = 1;
    assert_int_equal(client_bench_create(), HM_NOT_SENT);
    assert_int_equal(client_bench_requests(), 1);
}

/* A broken 2xx: the write was done, the clause is named, what can be read is there. */
static void assert_bad_answer(const struct test_turn *turn, const char *clause, const char *says,
                              size_t count)
{
    client_bench_begin(turn, 1);
    assert_int_equal(client_bench_create(), HM_BAD_ANSWER);
    assert_string_equal(client_bench.err.clause, clause);
    assert_non_null(strstr(client_bench.err.text, says));
    assert_int_equal(client_bench.err.written, HM_WRITTEN_YES);
    assert_int_equal(client_bench.err.status, turn->status);
    assert_int_equal(client_bench.err.attempts, 1);
    assert_string_equal(client_bench.err.request_id, REQUEST_ID);
    assert_int_equal(client_bench.list.count, count);
    assert_int_equal(client_bench_requests(), 1);
    (void)client_bench_end(NULL);
}

TEST(names_the_clause_that_an_answer_breaks)
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

    assert_bad_answer(&object, "R1", "an object with the member \"id\"", 0);
    assert_bad_answer(&empty, "R1", "the body is empty", 0);
    assert_bad_answer(&wrong_type, "R2", "/1/id is a string, an integer was expected", 2);
    assert_bad_answer(&two_teams, "R8", "/1/team_id is 9 and /0/team_id is 2", 2);
    assert_bad_answer(&wrong_time, "R5", "/0/created is \"yesterday\"", 1);
    assert_bad_answer(&html, "R6", "Content-Type is \"text/html\"", 1);
}

TEST(accepts_absent_optional_members)
{
    static const struct test_turn turns[] = {
        { .status = 200,
          .headers = HEADERS,
          .body = "[{\"id\":7,\"team_id\":9,\"contact_id\":3,\"channel_type\":\"phone\","
                  "\"channel_id\":\"14155551234\",\"created\":\"2024-04-16T00:00:00.5+02:00\","
                  "\"more\":[],"
                  "\"updated\":\"2024-04-16T00:00:00Z\"}]" }
    };

    client_bench_begin(turns, 1);
    assert_int_equal(client_bench_create(), HM_OK);
    assert_string_equal(client_bench.list.at[0].info_channel, "");
}

TEST(refuses_options_that_cannot_be_right)
{
    static const struct {
        struct hm_client_options options;
        enum hm_code code;
        const char *says;
    } rows[] = {
        { { .secret_id = bench_id }, HM_BAD_ARGUMENT, "ID and key are required" },
        { { .secret_id = "", .secret_key = bench_key }, HM_BAD_ARGUMENT, "ID is empty" },
        { { .secret_id = "\xFF", .secret_key = bench_key }, HM_BAD_ARGUMENT, "not UTF-8" },
        { { .secret_id = bench_id, .secret_key = bench_key, .timeout_ms = -1 },
          HM_BAD_ARGUMENT,
          "timeout_ms is -1" },
        { { .secret_id = bench_id,
            .secret_key = bench_key,
            .base_url = "http://api.heymarket.com" },
          HM_BAD_ARGUMENT,
          "plain http" },
        { { .secret_id = bench_id,
            .secret_key = bench_key,
            .base_url = "https://api.heymarket.com/v2" },
          HM_BAD_ARGUMENT,
          "ends in /v2" },
        { { .secret_id = bench_id, .secret_key = bench_key, .ca_file = "/nonexistent/ca.pem" },
          HM_BAD_INPUT,
          "/nonexistent/ca.pem" },
        { { .secret_id = bench_id, .secret_key = bench_key, .ca_file = "/etc/passwd" },
          HM_BAD_INPUT,
          "no certificate" },
    };
    struct hm_client_options allowed = { .secret_id = bench_id,
                                         .secret_key = bench_key,
                                         .base_url = "http://api.heymarket.com",
                                         .allows_plaintext = true };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(hm_client_new(&client_bench.client, &rows[i].options, &client_bench.err),
                         rows[i].code);
        assert_null(client_bench.client);
        assert_non_null(strstr(client_bench.err.text, rows[i].says));
        assert_null(strstr(client_bench.err.text, bench_key));
    }
    assert_int_equal(hm_client_new(&client_bench.client, &allowed, NULL), HM_OK);
}

EACH_TEST_WITHIN(NULL, client_bench_end)
