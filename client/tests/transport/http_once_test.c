/* The transport sends nothing twice, and reports the outcome truthfully [E7]. */
#include "tests/http_bench.h"
#include "tests/unit.h"

enum { SHORT_MS = 150, AMPLE_MS = 1500 /* for a busy machine to send the request */ };

/* The server takes the request and goes away: on a new connection, then on one in use. */
static void assert_sent_once(const struct test_turn *turns, const struct http_request *request)
{
    assert_int_equal(turns[1].status, 0);
    assert_int_equal(http_bench_send(request), HTTP_ANSWERED);
    assert_int_equal(http_bench_send(request), HTTP_NO_ANSWER);
    assert_true(http_bench.answer.was_reused);
    assert_int_equal(http_bench.answer.status, 0);
    assert_string_not_equal(http_bench.answer.reason, "");
    assert_int_equal(test_server_requests(http_bench.server), 2);
    http_session_reconnect(http_bench.session);
    assert_int_equal(http_bench_send(request), HTTP_NO_ANSWER);
    assert_false(http_bench.answer.was_reused);
    assert_int_equal(test_server_requests(http_bench.server), 3);
}

static const struct test_turn then_closes[] = { { .status = 200 }, { .then = TEST_CLOSES } };
static const struct test_turn then_resets[] = { { .status = 200 }, { .then = TEST_RESETS } };
static const struct test_turn reads_head_then_closes[] = {
    { .status = 200 }, { .reads = TEST_READS_HEAD, .then = TEST_CLOSES }
};

TEST(sends_a_body_once_to_a_server_that_closes)
{
    struct http_request request = http_bench_begin(then_closes, 2, "/", "{\"a\":1}");

    assert_sent_once(then_closes, &request);
}

TEST(sends_a_body_once_to_a_server_that_resets)
{
    struct http_request request = http_bench_begin(then_resets, 2, "/", "{\"a\":1}");

    assert_sent_once(then_resets, &request);
}

TEST(sends_a_body_once_to_a_server_that_reads_the_head_only)
{
    struct http_request request = http_bench_begin(reads_head_then_closes, 2, "/", "{\"a\":1}");

    assert_sent_once(reads_head_then_closes, &request);
}

TEST(sends_a_large_body_once_to_a_server_that_reads_the_head_only)
{
    enum { LARGE = 4 * 1024 * 1024 };
    char *large = malloc(LARGE + 1);
    struct http_request request = http_bench_begin(reads_head_then_closes, 2, "/", "small");

    assert_non_null(large);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    request = http_bench_post(large);
    assert_int_equal(http_bench_send(&request), HTTP_NO_ANSWER);
    free(large);
    assert_int_equal(test_server_requests(http_bench.server), 2);
}

/* Without a body there is no read callback to refuse the second time. */
TEST(sends_an_empty_body_once)
{
    struct http_request request = http_bench_begin(then_closes, 2, "/", "");

    assert_sent_once(then_closes, &request);
}

TEST(sends_a_request_without_a_body_once)
{
    struct http_request request = http_bench_begin(then_resets, 2, "/", NULL);

    assert_sent_once(then_resets, &request);
}

TEST(sends_chunks_once)
{
    struct http_request request = http_bench_begin(then_closes, 2, "/", "{\"a\":1}");

    request.is_chunked = true;
    assert_sent_once(then_closes, &request);
}

TEST(makes_a_new_connection_when_the_old_one_was_closed_before)
{
    static const struct test_turn turns[] = { { .status = 200, .then = TEST_CLOSES },
                                              { .status = 200 } };
    struct http_request request = http_bench_begin(turns, 2, "/", "x");

    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    test_server_await_closed(http_bench.server, 1);
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_false(http_bench.answer.was_reused);
    assert_int_equal(test_server_requests(http_bench.server), 2);
}

TEST(tells_that_nothing_was_sent)
{
    static const struct test_turn turns[] = { { .status = 200 } };
    struct http_request request = http_bench_begin(turns, 1, "/", "x");

    request.url = test_server_nobody();
    assert_int_equal(http_bench_send(&request), HTTP_NOT_SENT);
    assert_int_equal(http_bench.answer.status, 0);
    assert_non_null(strstr(http_bench.answer.reason, "refused"));
}

/* An answer that breaks off is none, whatever its status line said. */
static void assert_no_answer(const struct test_turn *turn, int status)
{
    struct http_request request = http_bench_begin(turn, 1, "/", "x");

    assert_int_equal(http_bench_send(&request), HTTP_NO_ANSWER);
    assert_int_equal(http_bench.answer.status, status);
    assert_string_not_equal(http_bench.answer.reason, "");
    assert_int_equal(test_server_requests(http_bench.server), 1);
    (void)http_bench_end(NULL);
}

TEST(takes_a_truncated_answer_for_none)
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

    assert_no_answer(&cut_body, 200);
    assert_no_answer(&cut_chunk, 200);
    assert_no_answer(&no_last_chunk, 200);
    assert_no_answer(&cut_head, 200);
    assert_no_answer(&cut_after_line, 200);
    assert_no_answer(&only_early, 0);
    assert_no_answer(&garbage, 0);
}

TEST(gives_up_when_the_time_is_up)
{
    static const struct test_turn silent[] = { { .then = TEST_STALLS } };
    struct http_request request = http_bench_begin(silent, 1, "/", "x");

    request.timeout_ms = AMPLE_MS;
    assert_int_equal(http_bench_send(&request), HTTP_NO_ANSWER);
    assert_in_range(http_bench.answer.time_ms, AMPLE_MS - 10, HTTP_BENCH_TIMEOUT_MS);
    assert_int_equal(test_server_requests(http_bench.server), 1);
}

TEST(a_slow_drip_does_not_stretch_the_time)
{
    static const struct test_turn dripping[] = { { .status = 200, .body = "[]", .drip_ms = 5 } };
    struct http_request request = http_bench_begin(dripping, 1, "/", "x");

    request.timeout_ms = SHORT_MS;
    assert_int_equal(http_bench_send(&request), HTTP_NO_ANSWER);
    request.timeout_ms = HTTP_BENCH_TIMEOUT_MS;
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_string_equal(buf_text(&http_bench.answer.body), "[]");
}

/* A proxy that refuses the tunnel has passed nothing on. */
TEST(knows_a_tunnel_from_a_request)
{
    static const struct test_turn turns[] = { { .status = 403, .then = TEST_CLOSES } };
    struct http_request request = http_bench_begin(turns, 1, "/", "x");

    setenv("https_proxy", test_server_url(http_bench.server), 1);
    request.url = "https://api.example/far";
    assert_int_equal(http_bench_send(&request), HTTP_NOT_SENT);
    unsetenv("https_proxy");
    assert_int_equal(http_bench.answer.status, 0);
    assert_int_equal(
        strncmp(test_server_request(http_bench.server, 0), "CONNECT api.example:443 ", 24), 0);
}

/* libssl writes to a closed connection without MSG_NOSIGNAL; libcurl sees to that. */
TEST(a_closed_tls_connection_raises_no_signal)
{
    enum { LARGE = 4 * 1024 * 1024 };
    static const struct test_turn turns[] = { { .status = 200 },
                                              { .reads = TEST_READS_HEAD, .then = TEST_RESETS } };
    char *large = malloc(LARGE + 1);
    struct http_request request;

    http_bench_begin_tls(turns, 2, "/");
    request = http_bench_post("small");
    assert_int_equal(http_bench_send(&request), HTTP_ANSWERED);
    assert_non_null(large);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    request = http_bench_post(large);
    assert_int_equal(http_bench_send(&request), HTTP_NO_ANSWER);
    free(large);
    assert_int_equal(test_server_requests(http_bench.server), 2);
}

EACH_TEST_WITHIN(NULL, http_bench_end)
