/* The transport sends exactly what it is given, and reads exactly what it receives. */
#include "tests/http_bench.h"
#include "tests/unit.h"

static bool has_line(const char *text, const char *line)
{
    char whole[256];

    snprintf(whole, sizeof whole, "\r\n%s\r\n", line);
    return strstr(text, whole) != NULL;
}

TEST(sends_exactly_the_given_request)
{
    static const struct test_turn turns[] = { { .status = 200, .body = "[]" } };
    static const struct http_header headers[] = {
        { "X-One", "1" },
        { "X-One", "2" },
        { "X-Empty", "" },
        { "X-Blank", "  " },
    };
    char host[128], expected[512];
    struct http_request request = http_bench_begin(turns, 1, "/a/../b/./%7e%2f?q=%41&x", "body");

    request.headers = headers;
    request.header_count = 4;
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    snprintf(host, sizeof host, "%s", test_server_url(http_bench.server) + strlen("http://"));
    snprintf(expected, sizeof expected,
             "POST /a/../b/./%%7e%%2f?q=%%41&x HTTP/1.1\r\nHost: %s\r\nX-One: 1\r\nX-One: 2\r\n"
             "X-Empty:\r\nX-Blank:\r\nContent-Length: 4\r\n\r\nbody",
             host);
    assert_string_equal(test_server_request(http_bench.server, 0), expected);
    assert_int_equal(http_bench.answer.status, 200);
    assert_string_equal(buf_text(&http_bench.answer.body), "[]");
}

TEST(sends_host_type_and_length_as_they_are_given)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    static const struct http_header headers[] = {
        { "Host", "other.example" },
        { "Content-Type", "text/odd" },
        { "Content-Length", "2" },
        { "Accept", "" },
    };
    struct http_request request = http_bench_begin(turns, 1, "/", "ab");

    request.headers = headers;
    request.header_count = 4;
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_string_equal(test_server_request(http_bench.server, 0),
                        "POST / HTTP/1.1\r\nHost: other.example\r\nContent-Type: text/odd\r\n"
                        "Content-Length: 2\r\nAccept:\r\n\r\nab");
}

TEST(sends_no_length_without_a_body_and_zero_for_an_empty_one)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    struct http_request none, empty;

    http_bench_begin(turns, 1, "/", NULL);
    none = http_bench_post(NULL);
    empty = http_bench_post("");
    assert_int_equal(http_bench_send(&none), HTTP_ANSWERED);
    assert_int_equal(http_bench_send(&empty), HTTP_ANSWERED);
    assert_null(strstr(test_server_request(http_bench.server, 0), "Content-Length"));
    assert_int_equal(strncmp(test_server_request(http_bench.server, 0), "POST / ", 7), 0);
    assert_true(has_line(test_server_request(http_bench.server, 1), "Content-Length: 0"));
}

TEST(sends_chunks_on_request)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    struct http_request request = http_bench_begin(turns, 1, "/", "hello");

    request.is_chunked = true;
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_true(has_line(test_server_request(http_bench.server, 0), "Transfer-Encoding: chunked"));
    assert_null(strstr(test_server_request(http_bench.server, 0), "Content-Length"));
    assert_non_null(
        strstr(test_server_request(http_bench.server, 0), "\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
}

TEST(sends_any_method)
{
    static const struct test_turn turns[] = {
        { .raw = "HTTP/1.1 405 No\r\nContent-Length: 10\r\n\r\n" },
        { .status = 405 },
    };
    struct http_request request = http_bench_begin(turns, 2, "/", NULL);

    request.method = "HEAD"; /* its answer announces a body that does not come */
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_int_equal(http_bench.answer.status, 405);
    request = http_bench_post("x");
    request.method = "BREW";
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_int_equal(strncmp(test_server_request(http_bench.server, 1), "BREW / ", 7), 0);
}

TEST(keeps_the_final_headers_only)
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
    struct http_request request = http_bench_begin(turns, 1, "/", "x");

    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_int_equal(http_bench.answer.status, 200);
    assert_string_equal(buf_text(&http_bench.answer.body), "[]");
    assert_true(http_answer_header(&http_bench.answer, "x-request-id", 0, &value, &length));
    assert_int_equal(length, 2);
    assert_memory_equal(value, "id", 2);
    assert_true(http_answer_header(&http_bench.answer, "Set-Cookie", 1, &value, &length));
    assert_memory_equal(value, "b", 1);
    assert_false(http_answer_header(&http_bench.answer, "Set-Cookie", 2, &value, &length));
    assert_true(http_answer_header(&http_bench.answer, "X-Empty", 0, &value, &length));
    assert_int_equal(length, 0);
    assert_false(http_answer_header(&http_bench.answer, "X-Early", 0, &value, &length));
    assert_false(http_answer_header(&http_bench.answer, "X-Late", 0, &value, &length));
}

TEST(decodes_nothing_and_follows_nothing)
{
    static const struct test_turn turns[] = {
        { .status = 302,
          .headers = "Location: /elsewhere\r\nContent-Encoding: gzip\r\n",
          .body = "not gzip" },
    };
    struct http_request request = http_bench_begin(turns, 1, "/", "x");

    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_int_equal(http_bench.answer.status, 302);
    assert_string_equal(buf_text(&http_bench.answer.body), "not gzip");
    assert_int_equal(test_server_requests(http_bench.server), 1);
}

TEST(reuses_its_connection_by_default)
{
    static const struct test_turn turns[] = { { .status = 200, .body = "[]" } };
    struct http_request request = http_bench_begin(turns, 1, "/", "x");

    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_false(http_bench.answer.was_reused);
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_true(http_bench.answer.was_reused);
    assert_int_equal(test_server_connections(http_bench.server), 1);
    http_session_reconnect(http_bench.session);
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_false(http_bench.answer.was_reused);
    assert_int_equal(test_server_connections(http_bench.server), 2);
}

/* libcurl 7.88 read freed memory here when a handle was used again. */
TEST(survives_an_answer_that_begins_with_a_folded_line)
{
    static const struct test_turn turns[] = {
        { .raw = "HTTP/1.1 200 OK\r\nX-Last: 0123456789012345678901234567890123456789\r\n"
                 "Content-Length: 2\r\n\r\n[]" },
        { .raw =
              "HTTP/1.1 200 OK\r\n folded: 01234567890123456789012345678901234567890123456789\r\n"
              "Content-Length: 2\r\n\r\n[]" },
        { .raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]" },
    };
    struct http_request request = http_bench_begin(turns, 3, "/", "x");

    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    http_bench_send(&request);
    http_bench_send(&request);
}

TEST(reads_an_answer_that_ends_with_its_connection)
{
    static const struct test_turn turns[] = {
        { .raw = "HTTP/1.1 200 OK\r\n\r\n[1]", .then = TEST_CLOSES },
    };
    struct http_request request = http_bench_begin(turns, 1, "/", "x");

    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_string_equal(buf_text(&http_bench.answer.body), "[1]");
}

TEST(stops_at_its_ceilings)
{
    static char large[HTTP_BENCH_ANSWER_BYTES + 2];
    static char header[HTTP_HEADER_BYTES_MAX + 64];
    static struct test_turn turns[] = { { .status = 400, .body = large },
                                        { .status = 200, .headers = header } };
    struct http_request request;

    memset(large, 'x', HTTP_BENCH_ANSWER_BYTES + 1);
    memset(header, 'x', sizeof header - 1);
    for (size_t at = 0; at + 1024 < sizeof header; at += 1024) {
        memcpy(header + at, "X-Long: ", 8);
        memcpy(header + at + 1022, "\r\n", 2);
    }
    header[HTTP_HEADER_BYTES_MAX] = '\0';
    http_bench_begin(turns, 2, "/", NULL);
    request = http_bench_post("x");
    assert_int_equal(http_bench_send(&request), HTTP_ANSWER_TOO_BIG);
    assert_int_equal(http_bench.answer.status, 400);
    assert_int_equal(http_bench_send(&request), HTTP_ANSWER_TOO_BIG);
    assert_string_equal(http_bench.answer.reason,
                        "the response's header section has more than 64 KiB");
    memset(header, '\0', sizeof header);
    for (size_t i = 0; i <= HTTP_FIELDS_MAX; i++)
        memcpy(header + i * (sizeof "a: b\r\n" - 1), "a: b\r\n", sizeof "a: b\r\n" - 1);
    (void)http_bench_end(NULL);
    http_bench_begin(turns + 1, 1, "/", NULL);
    request = http_bench_post("x");
    assert_int_equal(http_bench_send(&request), HTTP_ANSWER_TOO_BIG);
    assert_string_equal(http_bench.answer.reason, "the response has more than 256 header fields");
    large[HTTP_BENCH_ANSWER_BYTES] = '\0';
    (void)http_bench_end(NULL);
    http_bench_begin(turns, 1, "/", NULL);
    request = http_bench_post("x");
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_int_equal(http_bench.answer.body.length, HTTP_BENCH_ANSWER_BYTES);
}

TEST(refuses_what_is_no_url)
{
    static const char *const urls[] = {
        "", "no url", "127.0.0.1:80/x", "ftp://127.0.0.1/", "file:///etc/passwd", "http://a b/"
    };
    static const struct test_turn turns[] = { { .status = 200 } };

    http_bench_begin(turns, 1, "/", NULL);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct http_request request = http_bench_post("x");

        request.url = urls[i];
        http_answer_fini(&http_bench.answer);
        assert_int_equal(http_send(http_bench.session, &request, &http_bench.answer, NULL),
                         HM_BAD_ARGUMENT);
        assert_int_equal(http_bench.answer.outcome, HTTP_NOT_SENT);
    }
}

TEST(uses_a_proxy_but_never_for_loopback)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    struct http_request request = http_bench_begin(turns, 1, "/direct", "x");

    setenv("http_proxy", test_server_nobody(), 1);
    setenv("no_proxy", "", 1);
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_int_equal(strncmp(test_server_request(http_bench.server, 0), "POST /direct ", 13), 0);
    setenv("http_proxy", test_server_url(http_bench.server), 1);
    request.url = "http://api.example/far";
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_int_equal(
        strncmp(test_server_request(http_bench.server, 1), "POST http://api.example/far ", 28), 0);
    unsetenv("http_proxy");
    unsetenv("no_proxy");
}

static enum http_outcome send_tls(const char *ca_file, const char *url)
{
    struct http_request request = http_bench_post("x");
    enum http_outcome outcome;

    http_session_free(http_bench.session);
    assert_int_equal(
        http_session_new(&http_bench.session, &(struct http_tls){ .ca_file = ca_file }, NULL),
        HM_OK);
    request.url = url;
    outcome = http_bench_send(&request);
    return outcome;
}

TEST(believes_the_given_root_and_no_other)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    char by_name[64];

    http_bench.server = test_server_start_tls(turns, 1);
    snprintf(by_name, sizeof by_name, "https://localhost%s",
             strrchr(test_server_url(http_bench.server), ':'));
    assert_int_equal(send_tls(NULL, test_server_url(http_bench.server)), HTTP_NOT_SENT);
    assert_non_null(strstr(http_bench.answer.reason, "certificate"));
    assert_non_null(strstr(http_bench.answer.reason, "--ca-file"));
    assert_true(http_bench.answer.is_untrusted);
    assert_int_equal(send_tls(test_server_ca_file(http_bench.server), by_name), HTTP_NOT_SENT);
    assert_true(http_bench.answer.is_untrusted);
    assert_null(strstr(http_bench.answer.reason, "--ca-file")); /* it is the name that is wrong */
    assert_int_equal(test_server_requests(http_bench.server), 0);
    assert_int_equal(
        send_tls(test_server_ca_file(http_bench.server), test_server_url(http_bench.server)),
        HTTP_ANSWERED);
    assert_false(http_bench.answer.is_untrusted);
    assert_int_equal(test_server_requests(http_bench.server), 1);
}

EACH_TEST_WITHIN(NULL, http_bench_end)
