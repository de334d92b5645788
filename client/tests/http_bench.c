#include "tests/http_bench.h"
#include "tests/unit.h"

struct http_bench http_bench;

static void open_session(const char *ca_file, const char *path)
{
    assert_int_equal(
        http_session_new(&http_bench.session, &(struct http_tls){ .ca_file = ca_file }, NULL),
        HM_OK);
    snprintf(http_bench.url, sizeof http_bench.url, "%s%s", test_server_url(http_bench.server),
             path);
}

void http_bench_begin_tls(const struct test_turn *turns, size_t count, const char *path)
{
    http_bench.server = test_server_start_tls(turns, count);
    open_session(test_server_ca_file(http_bench.server), path);
}

int http_bench_end(void **state)
{
    http_answer_fini(&http_bench.answer);
    http_session_free(http_bench.session);
    test_server_stop(http_bench.server);
    memset(&http_bench, 0, sizeof http_bench);
    return 0;
}

struct http_request http_bench_post(const char *body)
{
    return (struct http_request){ .method = "POST",
                                  .url = http_bench.url,
                                  .body = body,
                                  .body_length = body != NULL ? strlen(body) : 0,
                                  .connect_timeout_ms = HTTP_BENCH_TIMEOUT_MS,
                                  .timeout_ms = HTTP_BENCH_TIMEOUT_MS,
                                  .answer_bytes_max = HTTP_BENCH_ANSWER_BYTES };
}

struct http_request http_bench_begin(const struct test_turn *turns, size_t count, const char *path,
                                     const char *body)
{
    http_bench.server = test_server_start(turns, count);
    open_session(NULL, path);
    return http_bench_post(body);
}

enum http_outcome http_bench_send(const struct http_request *request)
{
    struct hm_error err = { .code = HM_OK };

    http_answer_fini(&http_bench.answer);
    assert_int_equal(http_send(http_bench.session, request, &http_bench.answer, &err), HM_OK);
    return http_bench.answer.outcome;
}
