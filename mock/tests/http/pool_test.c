/* More clients than threads: all are served, as none keeps a thread for long. */
#include "tests/harness.h"

#include "store/clock.h"
#include "support/monotonic.h"
#include "tests/barrier.h"
#include "tests/unit.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
enum {
    THREADS = 4,
    CLIENTS = 32,
    REQUESTS = 20,
    SLOW = THREADS + 1,   /* clients that hold all threads, and one that waits */
    GIVE_WAY_MS = 5000,   /* the time limits are 10,000 for a head and a body */
    LONG_ID_BYTES = 60000 /* of a channel */
};

#define GOOD                                                                                       \
    "POST /v2/contact/{EMPTY}/channel HTTP/1.1\r\nHost: localhost\r\n"                             \
    "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: "          \
    "53\r\n\r\n"                                                                                   \
    "{\"channel_type\":\"email\",\"channel_id\":\"s@example.com\"}"

struct client {
    const struct harness *mock;
    struct barrier *start; /* NULL: none waits for others */
    const char *request;
    size_t length;
    int answered;
    int closed; /* answers with Connection: close */
};

/* Sends REQUESTS one after the other, on a new connection whenever the old one was closed. */
static void *client_run(void *pointer)
{
    struct client *client = pointer;
    int fd = harness_connect(client->mock);

    if (client->start != NULL)
        barrier_wait(client->start);
    for (int i = 0; i < REQUESTS; i++) {
        struct reply answer;

        if (fd < 0)
            fd = harness_connect(client->mock);
        harness_send(fd, client->request, client->length);
        harness_read(fd, &answer, true);
        client->answered += answer.status == 200;
        if (answer.status != 200 || reply_has(&answer, "Connection: close")) {
            client->closed++;
            close(fd);
            fd = -1;
        }
        reply_fini(&answer);
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

TEST(more_clients_than_threads_are_all_served)
{
    static struct client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    struct harness mock;
    size_t length;
    char *request;
    struct barrier start;
    int answered = 0, closed = 0, status;

    barrier_init(&start, CLIENTS);
    harness_start(&mock, THREADS);
    request = harness_expand(&mock, GOOD, sizeof GOOD - 1, &length);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){ &mock, &start, request, length, 0, 0 };
        pthread_create(&threads[i], NULL, client_run, &clients[i]);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        answered += clients[i].answered;
        closed += clients[i].closed;
    }
    free(request);
    barrier_fini(&start);
    status = harness_stop(&mock, SIGTERM);
    assert_int_equal(answered, CLIENTS * REQUESTS);
    assert_true(closed > 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A few clients keep their connections. */
TEST(a_few_clients_are_kept)
{
    struct client client;
    struct harness mock;
    size_t length;
    char *request;

    harness_start(&mock, THREADS);
    request = harness_expand(&mock, GOOD, sizeof GOOD - 1, &length);
    client = (struct client){ &mock, NULL, request, length, 0, 0 };
    client_run(&client);
    free(request);
    harness_stop(&mock, SIGTERM);
    assert_int_equal(client.answered, REQUESTS);
    assert_int_equal(client.closed, 0);
}

/* A request on a connection of its own: its status, and how long it took. */
static int ask(const struct harness *mock, const char *text, size_t text_length, int64_t *took_ms)
{
    int64_t began_us = monotonic_us();
    int fd = harness_connect(mock), status;
    size_t length;
    char *request = harness_expand(mock, text, text_length, &length);
    struct reply answer;

    harness_send(fd, request, length);
    harness_read(fd, &answer, true);
    status = answer.status;
    reply_fini(&answer);
    free(request);
    close(fd);
    *took_ms = (monotonic_us() - began_us) / 1000;
    return status;
}

/* The status of the first answer that any of them gets. */
static int first_status(const int fds[SLOW])
{
    struct pollfd heard[SLOW];
    struct reply answer;
    int at = 0;

    for (int i = 0; i < SLOW; i++)
        heard[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
    if (poll(heard, SLOW, GIVE_WAY_MS) <= 0)
        return 0;
    while (heard[at].revents == 0)
        at++;
    harness_read(fds[at], &answer, true);
    reply_fini(&answer);
    return answer.status;
}

/* Clients that hold every thread send only @text. A good client is still answered long before their
 * time limit, and the first of them that was closed got @expected. */
static void slow_clients_give_way(const char *text, int expected)
{
    struct harness mock;
    int fds[SLOW], status, first;
    int64_t took_ms;
    size_t length;
    char *slow;

    harness_start(&mock, THREADS);
    slow = harness_expand(&mock, text, strlen(text), &length);
    for (int i = 0; i < SLOW; i++) {
        fds[i] = harness_connect(&mock);
        harness_send(fds[i], slow, length);
    }
    status = ask(&mock, GOOD, sizeof GOOD - 1, &took_ms);
    first = first_status(fds);
    for (int i = 0; i < SLOW; i++)
        close(fds[i]);
    free(slow);
    harness_stop(&mock, SIGTERM);
    assert_int_equal(status, 200);
    assert_in_range(took_ms, 0, GIVE_WAY_MS);
    assert_int_equal(first, expected);
}

TEST(heads_that_do_not_end_give_way)
{
    slow_clients_give_way("POST /v2/contact/{EMPTY}/chan", 408);
}

TEST(bodies_that_do_not_end_give_way)
{
    slow_clients_give_way("POST /v2/contact/{EMPTY}/channel HTTP/1.1\r\nHost: localhost\r\n"
                          "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
                          "Content-Length: 53\r\n\r\n{",
                          408);
}

TEST(chunks_that_do_not_end_give_way)
{
    slow_clients_give_way("POST /v2/contact/{EMPTY}/channel HTTP/1.1\r\nHost: localhost\r\n"
                          "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n35;",
                          408);
}

/* A channel with a long id, a new one for each number. */
static char *long_request(const struct harness *mock, int number, size_t *length)
{
    struct buf text;
    char *request;

    buf_init(&text, HARNESS_ANSWER_BYTES_MAX);
    buf_printf(&text,
               "POST /v2/contact/{EMPTY}/channel HTTP/1.1\r\nHost: localhost\r\n"
               "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
               "Content-Length: %d\r\n\r\n{\"channel_type\":\"x\",\"channel_id\":\"%0*d\"}",
               LONG_ID_BYTES + 36, LONG_ID_BYTES, number);
    request = harness_expand(mock, buf_text(&text), text.length, length);
    buf_fini(&text);
    return request;
}

/* Answers of a megabyte that the client does not read: the kernel buffers only a part of one. */
TEST(answers_that_are_not_taken_give_way)
{
    enum { LONG_ONES = 16 };
    struct harness mock;
    int fds[SLOW], good = 0, status;
    int64_t took_ms;
    size_t length;
    char *request;

    harness_start(&mock, THREADS);
    for (int i = 0; i < LONG_ONES; i++) {
        request = long_request(&mock, i, &length);
        good += ask(&mock, request, length, &took_ms) == 200;
        free(request);
    }
    request = long_request(&mock, 0, &length);
    for (int i = 0; i < SLOW; i++) {
        const int little = 4096;

        fds[i] = harness_connect(&mock);
        setsockopt(fds[i], SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
        harness_send(fds[i], request, length);
    }
    free(request);
    status = ask(&mock, GOOD, sizeof GOOD - 1, &took_ms);
    for (int i = 0; i < SLOW; i++)
        close(fds[i]);
    harness_stop(&mock, SIGTERM);
    assert_int_equal(good, LONG_ONES);
    assert_int_equal(status, 200);
    assert_in_range(took_ms, 0, GIVE_WAY_MS);
}

/* A client that shuts down its side of the connection gets the answer. */
TEST(half_closed_connection_is_answered)
{
    struct harness mock;
    struct reply answer;
    size_t length;
    char *request;
    int fd;

    harness_start(&mock, THREADS);
    request = harness_expand(&mock, GOOD, sizeof GOOD - 1, &length);
    fd = harness_connect(&mock);
    harness_send(fd, request, length);
    shutdown(fd, SHUT_WR);
    harness_read(fd, &answer, true);
    close(fd);
    free(request);
    harness_stop(&mock, SIGTERM);
    assert_int_equal(answer.status, 200);
    reply_fini(&answer);
}
