/* The transport: sends exactly what it is told, once, and tells truthfully what came of it [E7]. */
#include "http.h"

#include "test_server.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TIMEOUT_MS = 5000, SHORT_MS = 150, ANSWER_BYTES = 100000 };

/* One test's server and session. */
struct bench {
    struct test_server *server;
    struct http_session *session;
    struct http_answer answer;
    char url[128];
};

static struct bench bench;

static void begin(const struct test_turn *turns, size_t count, const char *path)
{
    bench.server = test_server_start(turns, count);
    assert_int_equal(http_session_new(&bench.session, NULL, NULL), HM_OK);
    snprintf(bench.url, sizeof bench.url, "%s%s", test_server_url(bench.server), path);
}

static int clean_up(void **state)
{
    (void)state;
    http_answer_fini(&bench.answer);
    http_session_free(bench.session);
    test_server_stop(bench.server);
    memset(&bench, 0, sizeof bench);
    return 0;
}

static struct http_request post(const char *body)
{
    return (struct http_request){ .method = "POST",
                                  .url = bench.url,
                                  .body = body,
                                  .body_length = body != NULL ? strlen(body) : 0,
                                  .connect_timeout_ms = TIMEOUT_MS,
                                  .timeout_ms = TIMEOUT_MS,
                                  .answer_bytes_max = ANSWER_BYTES };
}

static enum http_outcome send_it(const struct http_request *request)
{
    struct hm_error err = { .code = HM_OK };

    http_answer_fini(&bench.answer);
    assert_int_equal(http_send(bench.session, request, &bench.answer, &err), HM_OK);
    return bench.answer.outcome;
}

static bool has_line(const char *text, const char *line)
{
    char whole[256];

    snprintf(whole, sizeof whole, "\r\n%s\r\n", line);
    return strstr(text, whole) != NULL;
}

static void sends_exactly_what_it_is_told(void **state)
{
    static const struct test_turn turns[] = { { .status = 200, .body = "[]" } };
    static const struct http_header headers[] = {
        { "X-One", "1" },
        { "X-One", "2" },
        { "X-Empty", "" },
        { "X-Blank", "  " },
    };
    struct http_request request;
    char host[128], expected[512];

    (void)state;
    begin(turns, 1, "/a/../b/./%7e%2f?q=%41&x");
    request = post("body");
    request.headers = headers;
    request.header_count = 4;
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    snprintf(host, sizeof host, "%s", test_server_url(bench.server) + strlen("http://"));
    snprintf(expected, sizeof expected,
             "POST /a/../b/./%%7e%%2f?q=%%41&x HTTP/1.1\r\nHost: %s\r\nX-One: 1\r\nX-One: 2\r\n"
             "X-Empty:\r\nX-Blank:\r\nContent-Length: 4\r\n\r\nbody",
             host);
    assert_string_equal(test_server_request(bench.server, 0), expected);
    assert_int_equal(bench.answer.status, 200);
    assert_string_equal(buf_text(&bench.answer.body), "[]");
}

static void sends_host_type_and_length_as_they_are_given(void **state)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    static const struct http_header headers[] = {
        { "Host", "other.example" },
        { "Content-Type", "text/odd" },
        { "Content-Length", "2" },
        { "Accept", "" },
    };
    struct http_request request;

    (void)state;
    begin(turns, 1, "/");
    request = post("ab");
    request.headers = headers;
    request.header_count = 4;
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_string_equal(test_server_request(bench.server, 0),
                        "POST / HTTP/1.1\r\nHost: other.example\r\nContent-Type: text/odd\r\n"
                        "Content-Length: 2\r\nAccept:\r\n\r\nab");
}

static void sends_no_length_without_a_body_and_zero_for_an_empty_one(void **state)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    struct http_request none, empty;

    (void)state;
    begin(turns, 1, "/");
    none = post(NULL);
    empty = post("");
    assert_int_equal(send_it(&none), HTTP_ANSWERED);
    assert_int_equal(send_it(&empty), HTTP_ANSWERED);
    assert_null(strstr(test_server_request(bench.server, 0), "Content-Length"));
    assert_int_equal(strncmp(test_server_request(bench.server, 0), "POST / ", 7), 0);
    assert_true(has_line(test_server_request(bench.server, 1), "Content-Length: 0"));
}

static void sends_chunks_when_told(void **state)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    struct http_request request;

    (void)state;
    begin(turns, 1, "/");
    request = post("hello");
    request.is_chunked = true;
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_true(has_line(test_server_request(bench.server, 0), "Transfer-Encoding: chunked"));
    assert_null(strstr(test_server_request(bench.server, 0), "Content-Length"));
    assert_non_null(
        strstr(test_server_request(bench.server, 0), "\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
}

static void sends_any_method(void **state)
{
    static const struct test_turn turns[] = {
        { .raw = "HTTP/1.1 405 No\r\nContent-Length: 10\r\n\r\n" },
        { .status = 405 },
    };
    struct http_request request;

    (void)state;
    begin(turns, 2, "/");
    request = post(NULL);
    request.method = "HEAD"; /* its answer announces a body that does not come */
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_int_equal(bench.answer.status, 405);
    request = post("x");
    request.method = "BREW";
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_int_equal(strncmp(test_server_request(bench.server, 1), "BREW / ", 7), 0);
}

static void keeps_the_final_headers_only(void **state)
{
    static const struct test_turn turns[] = {
        { .raw =
              "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
              "HTTP/1.1 103 Hints\r\nX-Early: 2\r\n\r\n"
              "HTTP/1.1 200 OK\r\nX-Request-Id:  \t id \r\nSet-Cookie: a\r\nset-cookie: b\r\n"
              "X-Empty:\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\nX-Late: 1\r\n\r\n" },
    };
    const char *value;
    size_t length;
    struct http_request request;

    (void)state;
    begin(turns, 1, "/");
    request = post("x");
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_int_equal(bench.answer.status, 200);
    assert_string_equal(buf_text(&bench.answer.body), "[]");
    assert_true(http_answer_header(&bench.answer, "x-request-id", 0, &value, &length));
    assert_int_equal(length, 2);
    assert_memory_equal(value, "id", 2);
    assert_true(http_answer_header(&bench.answer, "Set-Cookie", 1, &value, &length));
    assert_memory_equal(value, "b", 1);
    assert_false(http_answer_header(&bench.answer, "Set-Cookie", 2, &value, &length));
    assert_true(http_answer_header(&bench.answer, "X-Empty", 0, &value, &length));
    assert_int_equal(length, 0);
    assert_false(http_answer_header(&bench.answer, "X-Early", 0, &value, &length));
    assert_false(http_answer_header(&bench.answer, "X-Late", 0, &value, &length));
}

static void decodes_nothing_and_follows_nothing(void **state)
{
    static const struct test_turn turns[] = {
        { .status = 302,
          .headers = "Location: /elsewhere\r\nContent-Encoding: gzip\r\n",
          .body = "not gzip" },
    };
    struct http_request request;

    (void)state;
    begin(turns, 1, "/");
    request = post("x");
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_int_equal(bench.answer.status, 302);
    assert_string_equal(buf_text(&bench.answer.body), "not gzip");
    assert_int_equal(test_server_requests(bench.server), 1);
}

static void reuses_its_connection_until_told_otherwise(void **state)
{
    static const struct test_turn turns[] = { { .status = 200, .body = "[]" } };
    struct http_request request;

    (void)state;
    begin(turns, 1, "/");
    request = post("x");
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_false(bench.answer.was_reused);
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_true(bench.answer.was_reused);
    assert_int_equal(test_server_connections(bench.server), 1);
    http_session_reconnect(bench.session);
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_false(bench.answer.was_reused);
    assert_int_equal(test_server_connections(bench.server), 2);
}

/* The server takes the request and goes away: on a new connection, then on one in use. */
static void assert_sent_once(const struct test_turn *turns, const struct http_request *request)
{
    assert_int_equal(turns[1].status, 0);
    assert_int_equal(send_it(request), HTTP_ANSWERED);
    assert_int_equal(send_it(request), HTTP_NO_ANSWER);
    assert_true(bench.answer.was_reused);
    assert_int_equal(bench.answer.status, 0);
    assert_string_not_equal(bench.answer.reason, "");
    assert_int_equal(test_server_requests(bench.server), 2);
    http_session_reconnect(bench.session);
    assert_int_equal(send_it(request), HTTP_NO_ANSWER);
    assert_false(bench.answer.was_reused);
    assert_int_equal(test_server_requests(bench.server), 3);
}

static const struct test_turn then_closes[] = { { .status = 200 }, { .then = TEST_CLOSES } };
static const struct test_turn then_resets[] = { { .status = 200 }, { .then = TEST_RESETS } };
static const struct test_turn reads_head_then_closes[] = {
    { .status = 200 }, { .reads = TEST_READS_HEAD, .then = TEST_CLOSES }
};

static void sends_a_body_once_to_a_server_that_closes(void **state)
{
    struct http_request request;

    (void)state;
    begin(then_closes, 2, "/");
    request = post("{\"a\":1}");
    assert_sent_once(then_closes, &request);
}

static void sends_a_body_once_to_a_server_that_resets(void **state)
{
    struct http_request request;

    (void)state;
    begin(then_resets, 2, "/");
    request = post("{\"a\":1}");
    assert_sent_once(then_resets, &request);
}

static void sends_a_body_once_to_a_server_that_reads_the_head_only(void **state)
{
    struct http_request request;

    (void)state;
    begin(reads_head_then_closes, 2, "/");
    request = post("{\"a\":1}");
    assert_sent_once(reads_head_then_closes, &request);
}

static void sends_a_large_body_once_to_a_server_that_reads_the_head_only(void **state)
{
    enum { LARGE = 4 * 1024 * 1024 };
    struct http_request request;
    char *large = malloc(LARGE + 1);

    (void)state;
    begin(reads_head_then_closes, 2, "/");
    assert_non_null(large);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    request = post("small");
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    request = post(large);
    assert_int_equal(send_it(&request), HTTP_NO_ANSWER);
    free(large);
    assert_int_equal(test_server_requests(bench.server), 2);
}

/* Without a body there is no read callback to refuse the second time. */
static void sends_an_empty_body_once(void **state)
{
    struct http_request request;

    (void)state;
    begin(then_closes, 2, "/");
    request = post("");
    assert_sent_once(then_closes, &request);
}

static void sends_a_request_without_a_body_once(void **state)
{
    struct http_request request;

    (void)state;
    begin(then_resets, 2, "/");
    request = post(NULL);
    assert_sent_once(then_resets, &request);
}

static void sends_chunks_once(void **state)
{
    struct http_request request;

    (void)state;
    begin(then_closes, 2, "/");
    request = post("{\"a\":1}");
    request.is_chunked = true;
    assert_sent_once(then_closes, &request);
}

static void makes_a_new_connection_when_the_old_one_was_closed_before(void **state)
{
    static const struct test_turn turns[] = { { .status = 200, .then = TEST_CLOSES },
                                              { .status = 200 } };
    struct http_request request;

    (void)state;
    begin(turns, 2, "/");
    request = post("x");
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    test_server_await_closed(bench.server, 1);
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_false(bench.answer.was_reused);
    assert_int_equal(test_server_requests(bench.server), 2);
}

static void tells_that_nothing_was_sent(void **state)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    struct http_request request;

    (void)state;
    begin(turns, 1, "/");
    request = post("x");
    request.url = test_server_nobody();
    assert_int_equal(send_it(&request), HTTP_NOT_SENT);
    assert_int_equal(bench.answer.status, 0);
    assert_non_null(strstr(bench.answer.reason, "refused"));
}

/* An answer that breaks off is none, whatever its status line said. */
static void assert_no_answer(const struct test_turn *turn, int status)
{
    struct http_request request;

    begin(turn, 1, "/");
    request = post("x");
    assert_int_equal(send_it(&request), HTTP_NO_ANSWER);
    assert_int_equal(bench.answer.status, status);
    assert_string_not_equal(bench.answer.reason, "");
    assert_int_equal(test_server_requests(bench.server), 1);
    (void)clean_up(NULL);
}

static void takes_a_truncated_answer_for_none(void **state)
{
    static const struct test_turn cut_body = {
        .status = 200, .body = "[1,2,3]", .held_back = 2, .then = TEST_CLOSES
    };
    static const struct test_turn cut_chunk = {
        .raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2", .then = TEST_CLOSES
    };
    static const struct test_turn no_last_chunk = {
        .raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n",
        .then = TEST_CLOSES
    };
    static const struct test_turn cut_head = { .raw = "HTTP/1.1 200 OK\r\nContent-Type: appl",
                                               .then = TEST_CLOSES };
    static const struct test_turn cut_after_line = {
        .raw = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", .then = TEST_CLOSES
    };
    static const struct test_turn only_early = { .raw = "HTTP/1.1 100 Continue\r\n\r\n",
                                                 .then = TEST_CLOSES };
    static const struct test_turn garbage = { .raw = "what is this\r\n\r\n", .then = TEST_CLOSES };

    (void)state;
    assert_no_answer(&cut_body, 200);
    assert_no_answer(&cut_chunk, 200);
    assert_no_answer(&no_last_chunk, 200);
    assert_no_answer(&cut_head, 200);
    assert_no_answer(&cut_after_line, 200);
    assert_no_answer(&only_early, 0);
    assert_no_answer(&garbage, 0);
}

static void reads_an_answer_that_ends_with_its_connection(void **state)
{
    static const struct test_turn turns[] = {
        { .raw = "HTTP/1.1 200 OK\r\n\r\n[1]", .then = TEST_CLOSES },
    };
    struct http_request request;

    (void)state;
    begin(turns, 1, "/");
    request = post("x");
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_string_equal(buf_text(&bench.answer.body), "[1]");
}

static void gives_up_when_the_time_is_up(void **state)
{
    static const struct test_turn silent[] = { { .then = TEST_STALLS } };
    struct http_request request;

    (void)state;
    begin(silent, 1, "/");
    request = post("x");
    request.timeout_ms = SHORT_MS;
    assert_int_equal(send_it(&request), HTTP_NO_ANSWER);
    assert_in_range(bench.answer.time_ms, SHORT_MS - 10, TIMEOUT_MS);
    assert_int_equal(test_server_requests(bench.server), 1);
}

static void a_slow_drip_does_not_stretch_the_time(void **state)
{
    static const struct test_turn dripping[] = { { .status = 200, .body = "[]", .drip_ms = 5 } };
    struct http_request request;

    (void)state;
    begin(dripping, 1, "/");
    request = post("x");
    request.timeout_ms = SHORT_MS;
    assert_int_equal(send_it(&request), HTTP_NO_ANSWER);
    request.timeout_ms = TIMEOUT_MS;
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_string_equal(buf_text(&bench.answer.body), "[]");
}

static void stops_at_its_ceilings(void **state)
{
    static char large[ANSWER_BYTES + 2];
    static char header[HTTP_HEADER_BYTES_MAX + 64];
    static struct test_turn turns[] = { { .status = 400, .body = large },
                                        { .status = 200, .headers = header } };
    struct http_request request;

    (void)state;
    memset(large, 'x', ANSWER_BYTES + 1);
    for (size_t at = 0; at + 64 < sizeof header; at += 32)
        memcpy(header + at, "X-Many: 0123456789012345678901\r\n", 33);
    begin(turns, 2, "/");
    request = post("x");
    assert_int_equal(send_it(&request), HTTP_ANSWER_TOO_BIG);
    assert_int_equal(bench.answer.status, 400);
    assert_int_equal(send_it(&request), HTTP_ANSWER_TOO_BIG);
    large[ANSWER_BYTES] = '\0';
    (void)clean_up(NULL);
    begin(turns, 1, "/");
    request = post("x");
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_int_equal(bench.answer.body.length, ANSWER_BYTES);
}

static void refuses_what_is_no_url(void **state)
{
    static const char *const urls[] = {
        "", "no url", "127.0.0.1:80/x", "ftp://127.0.0.1/", "file:///etc/passwd", "http://a b/"
    };
    static const struct test_turn turns[] = { { .status = 200 } };

    (void)state;
    begin(turns, 1, "/");
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct http_request request = post("x");

        request.url = urls[i];
        http_answer_fini(&bench.answer);
        assert_int_equal(http_send(bench.session, &request, &bench.answer, NULL), HM_BAD_ARGUMENT);
        assert_int_equal(bench.answer.outcome, HTTP_NOT_SENT);
    }
}

static void uses_a_proxy_but_never_for_loopback(void **state)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    struct http_request request;

    (void)state;
    begin(turns, 1, "/direct");
    setenv("http_proxy", test_server_nobody(), 1);
    setenv("no_proxy", "", 1);
    request = post("x");
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_int_equal(strncmp(test_server_request(bench.server, 0), "POST /direct ", 13), 0);
    setenv("http_proxy", test_server_url(bench.server), 1);
    request.url = "http://api.example/far";
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_int_equal(
        strncmp(test_server_request(bench.server, 1), "POST http://api.example/far ", 28), 0);
    unsetenv("http_proxy");
    unsetenv("no_proxy");
}

/* A proxy that refuses the tunnel has passed nothing on. */
static void knows_a_tunnel_from_a_request(void **state)
{
    static const struct test_turn turns[] = { { .status = 403, .then = TEST_CLOSES } };
    struct http_request request;

    (void)state;
    begin(turns, 1, "/");
    setenv("https_proxy", test_server_url(bench.server), 1);
    request = post("x");
    request.url = "https://api.example/far";
    assert_int_equal(send_it(&request), HTTP_NOT_SENT);
    unsetenv("https_proxy");
    assert_int_equal(bench.answer.status, 0);
    assert_int_equal(strncmp(test_server_request(bench.server, 0), "CONNECT api.example:443 ", 24),
                     0);
}

static enum http_outcome send_tls(const char *ca_file, const char *url)
{
    struct http_request request = post("x");
    enum http_outcome outcome;

    http_session_free(bench.session);
    assert_int_equal(http_session_new(&bench.session, ca_file, NULL), HM_OK);
    request.url = url;
    outcome = send_it(&request);
    return outcome;
}

static void believes_the_given_root_and_no_other(void **state)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    char by_name[64];

    (void)state;
    bench.server = test_server_start_tls(turns, 1);
    snprintf(by_name, sizeof by_name, "https://localhost%s",
             strrchr(test_server_url(bench.server), ':'));
    assert_int_equal(send_tls(NULL, test_server_url(bench.server)), HTTP_NOT_SENT);
    assert_non_null(strstr(bench.answer.reason, "certificate"));
    assert_int_equal(send_tls(test_server_ca_file(bench.server), by_name), HTTP_NOT_SENT);
    assert_int_equal(test_server_requests(bench.server), 0);
    assert_int_equal(send_tls(test_server_ca_file(bench.server), test_server_url(bench.server)),
                     HTTP_ANSWERED);
    assert_int_equal(test_server_requests(bench.server), 1);
}

/* libssl writes to a closed connection without MSG_NOSIGNAL; libcurl sees to that. */
static void a_closed_tls_connection_raises_no_signal(void **state)
{
    enum { LARGE = 4 * 1024 * 1024 };
    static const struct test_turn turns[] = { { .status = 200 },
                                              { .reads = TEST_READS_HEAD, .then = TEST_RESETS } };
    char *large = malloc(LARGE + 1);
    struct http_request request;

    (void)state;
    bench.server = test_server_start_tls(turns, 2);
    assert_int_equal(http_session_new(&bench.session, test_server_ca_file(bench.server), NULL),
                     HM_OK);
    snprintf(bench.url, sizeof bench.url, "%s/", test_server_url(bench.server));
    request = post("small");
    assert_int_equal(send_it(&request), HTTP_ANSWERED);
    assert_non_null(large);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    request = post(large);
    assert_int_equal(send_it(&request), HTTP_NO_ANSWER);
    free(large);
    assert_int_equal(test_server_requests(bench.server), 2);
}

#define TEST(name) cmocka_unit_test_teardown(name, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sends_exactly_what_it_is_told),
        TEST(sends_host_type_and_length_as_they_are_given),
        TEST(sends_no_length_without_a_body_and_zero_for_an_empty_one),
        TEST(sends_chunks_when_told),
        TEST(sends_any_method),
        TEST(keeps_the_final_headers_only),
        TEST(decodes_nothing_and_follows_nothing),
        TEST(reuses_its_connection_until_told_otherwise),
        TEST(sends_a_body_once_to_a_server_that_closes),
        TEST(sends_a_body_once_to_a_server_that_resets),
        TEST(sends_a_body_once_to_a_server_that_reads_the_head_only),
        TEST(sends_a_large_body_once_to_a_server_that_reads_the_head_only),
        TEST(sends_an_empty_body_once),
        TEST(sends_a_request_without_a_body_once),
        TEST(sends_chunks_once),
        TEST(makes_a_new_connection_when_the_old_one_was_closed_before),
        TEST(tells_that_nothing_was_sent),
        TEST(takes_a_truncated_answer_for_none),
        TEST(reads_an_answer_that_ends_with_its_connection),
        TEST(gives_up_when_the_time_is_up),
        TEST(a_slow_drip_does_not_stretch_the_time),
        TEST(stops_at_its_ceilings),
        TEST(refuses_what_is_no_url),
        TEST(uses_a_proxy_but_never_for_loopback),
        TEST(knows_a_tunnel_from_a_request),
        TEST(believes_the_given_root_and_no_other),
        TEST(a_closed_tls_connection_raises_no_signal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
