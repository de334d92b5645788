/* A clean stop: requests under way are finished, idle connections are closed soon. */
#include "tests/harness.h"
#include "tests/unit.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
/* Less than an idle client may stay. That it takes no second is for a benchmark to measure:
 * sanitizers and busy machines take their time. */
enum { IDLE = 100, CLIENTS = 8, STOP_MS_MAX = 4500 };

#define GOOD                                                                                       \
    "POST /v2/contact/{EMPTY}/channel HTTP/1.1\r\nHost: localhost\r\n"                             \
    "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: "          \
    "53\r\n\r\n"                                                                                   \
    "{\"channel_type\":\"email\",\"channel_id\":\"s@example.com\"}"

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_clean(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(idle_clients_do_not_hold_it_up)
{
    struct harness mock;
    int fds[IDLE];
    int64_t start;
    int status;
    size_t length;
    char *request;
    int answered = 0;

    harness_start(&mock, HARNESS_THREADS);
    request = harness_expand(&mock, GOOD, sizeof GOOD - 1, &length);
    for (int i = 0; i < IDLE; i++) {
        struct reply answer;

        fds[i] = harness_connect(&mock);
        harness_send(fds[i], request, length);
        harness_read(fds[i], &answer, true);
        answered += answer.status == 200;
        reply_fini(&answer);
    }
    start = now_ms();
    status = harness_stop(&mock, SIGTERM);
    start = now_ms() - start;
    for (int i = 0; i < IDLE; i++)
        close(fds[i]);
    free(request);
    assert_int_equal(answered, IDLE);
    assert_true(is_clean(status));
    assert_in_range(start, 0, STOP_MS_MAX);
}

TEST(sigint_and_sigquit_stop_it_too)
{
    static const int signals[] = { SIGINT, SIGQUIT };

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct harness mock;

        harness_start(&mock, HARNESS_THREADS);
        assert_true(is_clean(harness_stop(&mock, signals[i])));
    }
}

/* A client that sends one request after the other until the connection ends. An incomplete answer
 * is an error; a request without any answer is not, as the close may cross it (RFC 9112
 * section 9.3). */
struct client {
    const struct harness *mock;
    const char *request;
    size_t length;
    atomic_int answered;
    int cut;
};

static void *client_run(void *pointer)
{
    struct client *client = pointer;
    int fd = harness_connect(client->mock);

    while (fd >= 0 && harness_send(fd, client->request, client->length)) {
        struct reply answer;
        bool is_whole, has_begun;

        harness_read(fd, &answer, true);
        is_whole = answer.status == 200;
        has_begun = answer.head.length > 0;
        reply_fini(&answer);
        if (!is_whole) {
            client->cut += has_begun;
            break;
        }
        atomic_fetch_add(&client->answered, 1);
    }
    close(fd);
    return NULL;
}

TEST(answers_under_way_are_finished_under_load)
{
    static struct client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    struct harness mock;
    size_t length;
    char *request;
    int status, cut = 0;
    int64_t ms;

    harness_start(&mock, HARNESS_THREADS);
    request = harness_expand(&mock, GOOD, sizeof GOOD - 1, &length);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i].mock = &mock;
        clients[i].request = request;
        clients[i].length = length;
        pthread_create(&threads[i], NULL, client_run, &clients[i]);
    }
    /* Until every one of them is being served. */
    for (int i = 0; i < CLIENTS; i++) {
        while (atomic_load(&clients[i].answered) < 10)
            sched_yield();
    }
    ms = now_ms();
    status = harness_stop(&mock, SIGTERM);
    ms = now_ms() - ms;
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        cut += clients[i].cut;
    }
    free(request);
    assert_true(is_clean(status));
    assert_int_equal(cut, 0);
    assert_in_range(ms, 0, STOP_MS_MAX);
}
