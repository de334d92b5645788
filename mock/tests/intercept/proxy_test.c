#include "intercept/proxy.h"

#include "intercept/head_server.h"
#include "support/monotonic.h"
#include "tests/intercept/echo_server.h"
#include "tests/unit.h"
#include <sys/socket.h>
#include <unistd.h>

struct stage {
    struct echo_server echo; /* takes the mock's place */
    struct allow_targets allowed;
    struct asked asked;
    struct proxy *proxy;
    char open[32], closed[32]; /* that are allowed */
};

static int stage_set(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    struct proxy_options options;
    const char *texts[2];
    struct hm_error err;

    assert_non_null(stage);
    echo_server_start(&stage->echo);
    snprintf(stage->open, sizeof stage->open, "127.0.0.1:%d", stage->echo.port);
    snprintf(stage->closed, sizeof stage->closed, "LocalHost:%d", stage->echo.closed_port);
    texts[0] = stage->open;
    texts[1] = stage->closed;
    assert_int_equal(allow_targets_read(&stage->allowed,
                                        &(struct option_texts){ .count = 2, .at = texts }, &err),
                     HM_OK);
    asked_init(&stage->asked);
    options = (struct proxy_options){ .mock_port = stage->echo.port,
                                      .allowed = &stage->allowed,
                                      .asked = &stage->asked };
    assert_int_equal(proxy_start(&stage->proxy, &options, &err), HM_OK);
    *state = stage;
    return 0;
}

static int stage_clear(void **state)
{
    struct stage *stage = *state;

    proxy_stop(stage->proxy);
    asked_fini(&stage->asked);
    echo_server_stop(&stage->echo);
    free(stage);
    return 0;
}

/* The connection after a request. */
static int request_send(const struct stage *stage, const char *request)
{
    const int fd = echo_connect(proxy_port(stage->proxy), false);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, request, strlen(request)), strlen(request));
    return fd;
}

static void assert_answer(int fd, const char *start)
{
    char answer[2048];
    ssize_t length = echo_read(fd, answer, strlen(start));

    assert_int_equal(length, strlen(start));
    assert_memory_equal(answer, start, (size_t)length);
}

static const char connected[] = "HTTP/1.1 200 Connection established\r\n\r\n";

TEST(the_intercepted_host_is_carried)
{
    static const char *const requests[] = {
        "CONNECT api.heymarket.com:443 HTTP/1.1\r\nHost: api.heymarket.com:443\r\n\r\n",
        "CONNECT API.Heymarket.COM.:443 HTTP/1.0\r\n\r\n",
        "CONNECT api.heymarket.com:443 HTTP/1.1\n\n",
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        const int fd = request_send(stage, requests[i]);

        assert_answer(fd, connected);
        assert_true(echo_is_whole(fd, 100));
        close(fd);
    }
    assert_int_equal(asked_times_of(&stage->asked, INTERCEPT_NAME, 443), 3);
    assert_int_equal(asked_times(&stage->asked, ASKED_OURS), 3);
}

/* What a client sends before it has the answer goes on, too; a head may come in pieces. */
TEST(bytes_after_the_head_are_carried)
{
    static const char head[] = "CONNECT api.heymarket.com:443 HTTP/1.1\r\nA: b\r\n\r\n";
    struct stage *stage = *state;
    int fd = request_send(stage, "CONNECT api.heymarket.com:443 HTTP/1.1\r\n\r\nearly");
    char answer[sizeof connected + 8];

    shutdown(fd, SHUT_WR);
    assert_int_equal(echo_read(fd, answer, sizeof answer), sizeof connected - 1 + 8);
    assert_memory_equal(answer + sizeof connected - 1, "earlybye", 8);
    close(fd);

    fd = request_send(stage, "");
    for (size_t i = 0; i < sizeof head - 1; i++)
        assert_int_equal(write(fd, head + i, 1), 1);
    assert_answer(fd, connected);
    close(fd);
}

TEST(all_else_is_refused_and_noted)
{
    static const struct {
        const char *request, *answer, *host;
        int port;
    } rows[] = {
        { "CONNECT eu.api.heymarket.com:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 403 ",
          "eu.api.heymarket.com", 443 },
        { "CONNECT api.heymarket.com:8443 HTTP/1.1\r\n\r\n", "HTTP/1.1 403 ", "api.heymarket.com",
          8443 },
        { "CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 403 ", "2001:db8::1", 443 },
        { "CONNECT localhost:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 403 ", "localhost", 1 },
        { "GET http://api.heymarket.com/v2/a HTTP/1.1\r\n\r\n", "HTTP/1.1 403 ",
          "api.heymarket.com", 80 },
        { "POST http://www.example:8080?a HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 403 ",
          "www.example", 8080 },
        { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", NULL, 0 },
        { "GET http:// HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", NULL, 0 },
        { "GET ftp://a:1/ HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", NULL, 0 },
        { "CONNECT api.heymarket.com HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", NULL, 0 },
        { "CONNECT api.heymarket.com:99999 HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", NULL, 0 },
        { "CONNECT api.heymarket.com:+443 HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", NULL, 0 },
        { "CONNECT a b:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", NULL, 0 },
        { "\x16\x03\x01junk\n\n", "HTTP/1.1 400 ", NULL, 0 },
    };
    struct stage *stage = *state;
    size_t noted = 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int fd = request_send(stage, rows[i].request);
        char rest[1024];

        assert_answer(fd, rows[i].answer);
        assert_true(echo_read(fd, rest, sizeof rest) > 0); /* to the end */
        close(fd);
        noted += rows[i].host != NULL;
        if (rows[i].host != NULL)
            assert_int_equal(asked_times_of(&stage->asked, rows[i].host, rows[i].port), 1);
    }
    assert_int_equal(asked_times(&stage->asked, ASKED_REFUSED), noted);
    assert_int_equal(stage->asked.count, noted);
}

TEST(a_head_without_an_end_is_refused)
{
    struct stage *stage = *state;
    const size_t length = HEAD_BYTES_MAX + 1024;
    char *junk = malloc(length);
    const int fd = request_send(stage, "");

    assert_non_null(junk);
    memset(junk, 'a', length);
    assert_true(write(fd, junk, length) > 0);
    assert_answer(fd, "HTTP/1.1 431 ");
    close(fd);
    free(junk);
}

TEST(an_allowed_host_is_carried)
{
    struct stage *stage = *state;
    char request[128];
    int fd;

    snprintf(request, sizeof request, "CONNECT %s HTTP/1.1\r\n\r\n", stage->open);
    fd = request_send(stage, request);
    assert_answer(fd, connected);
    assert_true(echo_is_whole(fd, 10));
    close(fd);

    snprintf(request, sizeof request, "GET http://%s/a HTTP/1.1\r\n\r\n", stage->open);
    fd = request_send(stage, request);
    assert_answer(fd, request);
    close(fd);

    snprintf(request, sizeof request, "CONNECT %s HTTP/1.1\r\n\r\n", stage->closed);
    fd = request_send(stage, request);
    assert_answer(fd, "HTTP/1.1 502 ");
    close(fd);
    assert_int_equal(asked_times(&stage->asked, ASKED_ALLOWED), 3);
    assert_int_equal(atomic_load(&stage->allowed.at[0].counts.connected), 2);
    assert_int_equal(atomic_load(&stage->allowed.at[1].counts.failed), 1);
}

TEST(many_and_much_are_carried)
{
    enum { CLIENTS = 200, BYTES = 8 * 1024 * 1024 };
    struct stage *stage = *state;
    int fds[CLIENTS];

    for (int i = 0; i < CLIENTS; i++)
        fds[i] = request_send(stage, "CONNECT api.heymarket.com:443 HTTP/1.1\r\n\r\n");
    for (int i = 0; i < CLIENTS; i++) {
        assert_answer(fds[i], connected);
        assert_true(echo_is_whole(fds[i], i == 7 ? BYTES : 1000));
        close(fds[i]);
    }
}

/* With connections in each state. */
TEST(it_stops_at_once)
{
    struct stage *stage = *state;
    const int silent = request_send(stage, ""), half = request_send(stage, "CONNECT api.hey");
    const int open = request_send(stage, "CONNECT api.heymarket.com:443 HTTP/1.1\r\n\r\n");
    const int64_t began_ms = monotonic_ms();
    char byte;

    assert_answer(open, connected);
    proxy_stop(stage->proxy);
    stage->proxy = NULL;
    assert_true(monotonic_ms() - began_ms < 5000);
    assert_int_equal(echo_read(open, &byte, 1), 0);
    close(silent);
    close(half);
    close(open);
}

static const char *variable(const struct environment *environment, const char *name)
{
    const char *value = environment_find(environment, name);

    return value == NULL ? "" : value;
}

TEST(the_variables_replace_those_that_lead_away)
{
    struct environment environment;

    environment_init(&environment);
    environment_set(&environment, "NO_PROXY", "*");
    environment_set(&environment, "https_proxy", "http://proxy.example:3128");
    environment_set(&environment, "JAVA_TOOL_OPTIONS", "-Da=b");
    environment_remove(&environment, "NODE_OPTIONS");
    proxy_environment_set(&environment, 4321);
    assert_false(environment.is_broken);
    assert_string_equal(variable(&environment, "HTTPS_PROXY"), "http://127.0.0.1:4321");
    assert_string_equal(variable(&environment, "https_proxy"), "http://127.0.0.1:4321");
    assert_string_equal(variable(&environment, "http_proxy"), "http://127.0.0.1:4321");
    assert_string_equal(variable(&environment, "HTTP_PROXY"), "http://127.0.0.1:4321");
    assert_string_equal(variable(&environment, "ALL_PROXY"), "http://127.0.0.1:4321");
    assert_string_equal(variable(&environment, "all_proxy"), "http://127.0.0.1:4321");
    assert_string_equal(variable(&environment, "NO_PROXY"), "localhost,127.0.0.1,::1");
    assert_string_equal(variable(&environment, "no_proxy"), "localhost,127.0.0.1,::1");
    assert_string_equal(variable(&environment, "NODE_USE_ENV_PROXY"), "1");
    assert_string_equal(variable(&environment, "JAVA_TOOL_OPTIONS"),
                        "-Da=b -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4321");
    assert_null(environment_find(&environment, "NODE_OPTIONS")); /* Node 20 would end with 9 */
    environment_remove(&environment, "JAVA_TOOL_OPTIONS");
    proxy_environment_set(&environment, 4321);
    assert_null(environment_find(&environment, "JAVA_TOOL_OPTIONS")); /* Java would say so */
    environment_fini(&environment);
}

EACH_TEST_WITHIN(stage_set, stage_clear)
