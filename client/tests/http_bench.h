/* A scripted server and a session to it: what every test of the transport begins with. */
#ifndef HTTP_BENCH_H
#define HTTP_BENCH_H

#include "tests/test_server.h"
#include "transport/http.h"

enum { HTTP_BENCH_TIMEOUT_MS = 60000, HTTP_BENCH_ANSWER_BYTES = 100000 };

/* One test's. */
struct http_bench {
    struct test_server *server;
    struct http_session *session;
    struct http_answer answer; /* the last one */
    char url[128];
};
extern struct http_bench http_bench;

/* Starts a server with a script, and a session; requests go to @path of it. Returns a POST of
 * @body. */
struct http_request http_bench_begin(const struct test_turn *turns, size_t count, const char *path,
                                     const char *body);

/* The same over TLS, believing the server's own root. */
void http_bench_begin_tls(const struct test_turn *turns, size_t count, const char *path);

/* cmocka's teardown. */
int http_bench_end(void **state);

/* A POST of a body, or without one (NULL), to the server. */
struct http_request http_bench_post(const char *body);

/* Sends it and keeps the answer. */
enum http_outcome http_bench_send(const struct http_request *request);

#endif
