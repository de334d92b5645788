/* More clients than threads: everybody is served, for nobody keeps a thread for long. */
#include "harness.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants those before it. */
#include <cmocka.h>

enum { THREADS = 4, CLIENTS = 32, REQUESTS = 20 };

#define GOOD                                                                                       \
    "POST /v2/contact/{EMPTY}/channel HTTP/1.1\r\nHost: localhost\r\n"                             \
    "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: "          \
    "53\r\n\r\n"                                                                                   \
    "{\"channel_type\":\"email\",\"channel_id\":\"s@example.com\"}"

struct client {
    const struct harness *mock;
    const char *request;
    size_t length;
    int answered;
    int closed; /* answers that said close */
};

/* Sends REQUESTS one after the other, on a new connection whenever the old one was closed. */
static void *client_run(void *pointer)
{
    struct client *client = pointer;
    int fd = -1;

    for (int i = 0; i < REQUESTS; i++) {
        struct answer answer;

        if (fd < 0)
            fd = harness_connect(client->mock);
        harness_send(fd, client->request, client->length);
        harness_read(fd, &answer, true);
        client->answered += answer.status == 200;
        if (answer.status != 200 || answer_has(&answer, "Connection: close")) {
            client->closed++;
            close(fd);
            fd = -1;
        }
        answer_fini(&answer);
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

static void more_clients_than_threads_are_all_served(void **state)
{
    static struct client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    struct harness mock;
    size_t length;
    char *request;
    int answered = 0, closed = 0, status;

    (void)state;
    harness_start(&mock, THREADS);
    request = harness_expand(&mock, GOOD, sizeof GOOD - 1, &length);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){ &mock, request, length, 0, 0 };
        pthread_create(&threads[i], NULL, client_run, &clients[i]);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        answered += clients[i].answered;
        closed += clients[i].closed;
    }
    free(request);
    status = harness_stop(&mock, SIGTERM);
    assert_int_equal(answered, CLIENTS * REQUESTS);
    assert_true(closed > 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A few clients keep their connections. */
static void a_few_clients_are_kept(void **state)
{
    struct client client;
    struct harness mock;
    size_t length;
    char *request;

    (void)state;
    harness_start(&mock, THREADS);
    request = harness_expand(&mock, GOOD, sizeof GOOD - 1, &length);
    client = (struct client){ &mock, request, length, 0, 0 };
    client_run(&client);
    free(request);
    harness_stop(&mock, SIGTERM);
    assert_int_equal(client.answered, REQUESTS);
    assert_int_equal(client.closed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_clients_than_threads_are_all_served),
        cmocka_unit_test(a_few_clients_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
