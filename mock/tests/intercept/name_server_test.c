#include "intercept/name_server.h"

#include "support/monotonic.h"
#include "tests/unit.h"
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 20000 };

static const uint8_t query[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0\3api\x9heymarket\3com\0\0\1\0";
enum { QUERY = sizeof query }; /* its last byte is the literal's NUL and 1: see query_of() */

static const uint8_t address[] = { 192, 0, 2, 1 };

struct stage {
    struct name_server *server;
    struct asked asked;
    struct known_name known;
    struct sockaddr_in udp, tcp;
};

static int socket_bind(int type, struct sockaddr_in *at)
{
    const int fd = socket(AF_INET, type, 0);
    socklen_t bytes = sizeof *at;

    *at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)at, sizeof *at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)at, &bytes), 0);
    if (type == SOCK_STREAM)
        assert_int_equal(listen(fd, 128), 0);
    return fd;
}

static int stage_set(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    struct name_server_options options = { .known = &stage->known, .known_count = 1 };
    struct hm_error err;

    assert_non_null(stage);
    asked_init(&stage->asked);
    stage->known = (struct known_name){ .name = "api.heymarket.com" };
    memcpy(&stage->known.address, address, sizeof address);
    options.asked = &stage->asked;
    options.udp = socket_bind(SOCK_DGRAM, &stage->udp);
    options.tcp = socket_bind(SOCK_STREAM, &stage->tcp);
    assert_int_equal(name_server_start(&stage->server, &options, &err), HM_OK);
    *state = stage;
    return 0;
}

static int stage_clear(void **state)
{
    struct stage *stage = *state;

    name_server_stop(stage->server);
    asked_fini(&stage->asked);
    free(stage);
    return 0;
}

static void query_of(uint8_t out[QUERY])
{
    memcpy(out, query, QUERY);
    out[QUERY - 1] = 1; /* class IN */
}

static int connect_to(int type, const struct sockaddr_in *at)
{
    const int fd = socket(AF_INET, type, 0);

    assert_int_equal(connect(fd, (const struct sockaddr *)at, sizeof *at), 0);
    return fd;
}

/* Bytes that came, up to @wanted; fewer: the connection ended. */
static size_t read_all(int fd, uint8_t *out, size_t wanted)
{
    size_t length = 0;

    while (length < wanted) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };
        ssize_t got;

        assert_int_equal(poll(&ready, 1, WAIT_MS), 1);
        got = read(fd, out + length, wanted - length);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    return length;
}

TEST(a_datagram_is_answered_after_hostile_ones)
{
    struct stage *stage = *state;
    const int fd = connect_to(SOCK_DGRAM, &stage->udp);
    struct pollfd ready = { .fd = fd, .events = POLLIN };
    uint8_t bytes[QUERY], answer[600];
    char junk[60000];

    memset(junk, 0xc0, sizeof junk);
    send(fd, junk, sizeof junk, 0);
    send(fd, junk, 5, 0);
    send(fd, "", 0, 0);
    query_of(bytes);
    assert_int_equal(send(fd, bytes, QUERY, 0), QUERY);
    assert_int_equal(poll(&ready, 1, WAIT_MS), 1);
    assert_int_equal(recv(fd, answer, sizeof answer, 0), QUERY + 16);
    assert_memory_equal(answer + QUERY + 12, address, 4);
    close(fd);
}

/* Two queries at once, the second one byte at a time. */
TEST(a_stream_is_answered)
{
    struct stage *stage = *state;
    const int fd = connect_to(SOCK_STREAM, &stage->tcp);
    uint8_t bytes[2 + QUERY] = { 0, QUERY }, answer[2 * (2 + QUERY + 16)];

    query_of(bytes + 2);
    assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        assert_int_equal(write(fd, bytes + i, 1), 1);
    assert_int_equal(read_all(fd, answer, sizeof answer), sizeof answer);
    assert_memory_equal(answer + sizeof answer - 4, address, 4);
    assert_memory_equal(answer, "\0", 1);
    assert_int_equal(answer[1], QUERY + 16);
    close(fd);
}

TEST(a_hostile_stream_is_closed)
{
    static const char *const streams[] = { "\xff\xff", "\x10\x01", "\0\5junk!" };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        const int fd = connect_to(SOCK_STREAM, &stage->tcp);
        uint8_t byte;

        assert_true(write(fd, streams[i], i < 2 ? 2 : 7) > 0);
        assert_int_equal(read_all(fd, &byte, 1), 0);
        close(fd);
    }
}

/* More connections than are served at once: the last ones get their answer when others leave. */
TEST(many_connections_are_served)
{
    enum { CLIENTS = 100 };
    struct stage *stage = *state;
    uint8_t bytes[2 + QUERY] = { 0, QUERY }, answer[2 + QUERY + 16];
    int fds[CLIENTS];

    query_of(bytes + 2);
    for (int i = 0; i < CLIENTS; i++)
        fds[i] = connect_to(SOCK_STREAM, &stage->tcp);
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(write(fds[i], bytes, sizeof bytes), sizeof bytes);
        assert_int_equal(read_all(fds[i], answer, sizeof answer), sizeof answer);
        close(fds[i]);
    }
}

static void *ask_often(void *data)
{
    enum { QUERIES = 200 };
    struct stage *stage = data;
    const int fd = connect_to(SOCK_DGRAM, &stage->udp);
    uint8_t bytes[QUERY], answer[600];
    size_t answered = 0;

    query_of(bytes);
    for (int i = 0; i < QUERIES; i++) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };

        if (send(fd, bytes, QUERY, 0) == QUERY && poll(&ready, 1, WAIT_MS) == 1)
            answered += recv(fd, answer, sizeof answer, 0) == QUERY + 16;
    }
    close(fd);
    return answered == QUERIES ? NULL : data;
}

TEST(threads_ask_at_the_same_time)
{
    enum { THREADS = 4 };
    struct stage *stage = *state;
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, stage), 0);
    for (int i = 0; i < THREADS; i++) {
        void *failure;

        pthread_join(threads[i], &failure);
        assert_null(failure);
    }
    assert_int_equal(asked_times(&stage->asked, ASKED_OURS), 800);
}

/* With connections that wait. */
TEST(it_stops_at_once)
{
    struct stage *stage = *state;
    const int fd = connect_to(SOCK_STREAM, &stage->tcp);
    const int64_t began_ms = monotonic_ms();
    uint8_t byte;

    assert_int_equal(write(fd, "\0", 1), 1);
    name_server_stop(stage->server);
    stage->server = NULL;
    assert_true(monotonic_ms() - began_ms < 5000);
    assert_int_equal(read_all(fd, &byte, 1), 0);
    close(fd);
}

EACH_TEST_WITHIN(stage_set, stage_clear)
