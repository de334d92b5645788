/* While clients send over HTTP and HTTPS, the control plane and SIGHUP replace everything that they
 * can, and the journal is read. Every client gets its answer. */
#include "tests/harness.h"

#include "tests/unit.h"
#include "tls/openssl.h"
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    WRITES = 60,
    HANDSHAKES = 8,
    ROUNDS = 4,
    THREADS = 16,
    CALL_BYTES = 512,
    ANSWER_BYTES = 256 * 1024
};

#define CREATE                                                                                     \
    "POST /v2/contact/{EMPTY}/channel HTTP/1.1\r\nHost: localhost\r\n"                             \
    "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: "          \
    "53\r\n"
#define BODY "\r\n{\"channel_type\":\"email\",\"channel_id\":\"s@example.com\"}"

/* The token stays valid after each, and the fault is for a contact without writes. */
static const struct {
    const char *line, *body;
} calls[] = {
    { "PUT /_mock/clock", "{\"now\":1713225630}" },
    { "PUT /_mock/faults", "[{\"contact\":\"ada\",\"status\":503}]" },
    { "GET /_mock/journal?limit=50", "" },
    { "PUT /_mock/policy", "{\"policy\":{\"success-status\":201}}" },
    { "POST /_mock/reset", "{}" },
    { "POST /_mock/verify", "{\"where\":{},\"at_least\":0}" },
    { "DELETE /_mock/journal", "" },
    { "PUT /_mock/clock", "{\"now\":1713225600}" },
    { "POST /_mock/reset", "{\"what\":[\"state\",\"clock\"]}" },
    { "GET /_mock/contacts/" HARNESS_ADA, "" },
    { "DELETE /_mock/faults", "" },
};
enum { CALLS = sizeof calls / sizeof calls[0] };

struct actor {
    const struct harness *mock;
    int wrong;
};

/* Sends a request on the kept connection or a new one, and returns the status. */
static int ask(const struct harness *mock, int *fd, const char *request)
{
    size_t length;
    char *text = harness_expand(mock, request, strlen(request), &length);
    struct reply answer;
    int status;

    if (*fd < 0)
        *fd = harness_connect(mock);
    harness_send(*fd, text, length);
    harness_read(*fd, &answer, true);
    status = answer.status;
    if (status == 0 || reply_has(&answer, "Connection: close")) {
        close(*fd);
        *fd = -1;
    }
    reply_fini(&answer);
    free(text);
    return status;
}

static void *write_often(void *pointer)
{
    struct actor *actor = pointer;
    int fd = -1;

    for (int i = 0; i < WRITES; i++) {
        int status = ask(actor->mock, &fd, CREATE BODY);

        actor->wrong += status != 200 && status != 201;
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

/* Creates, reads, changes, lists and deletes a channel of the contact that others write to. */
static void *use_family(void *pointer)
{
#define HEAD                                                                                       \
    " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"                            \
    "Content-Type: application/json\r\n"
#define SENT "Content-Length: 51\r\n\r\n{\"channel_type\":\"phone\",\"channel_id\":\"14155550123\"}"
    static const char *const requests[] = {
        "POST /v2/contact/{EMPTY}/channel" HEAD SENT,
        "GET /v2/contact/{EMPTY}/channel/phone" HEAD "\r\n",
        "PUT /v2/contact/{EMPTY}/channel" HEAD SENT,
        "GET /v2/contact/{EMPTY}/channels" HEAD "\r\n",
        "DELETE /v2/contact/{EMPTY}/channel/phone" HEAD "\r\n",
        "GET /v1/inboxes" HEAD "\r\n",
    };
    enum { REQUESTS = sizeof requests / sizeof requests[0] };
    struct actor *actor = pointer;
    int fd = -1;

    for (int i = 0; i < WRITES; i++) {
        int status = ask(actor->mock, &fd, requests[i % REQUESTS]);

        /* A reset or another client may have removed it. */
        actor->wrong += status != 200 && status != 201 && status != 404;
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

static void *shake_hands_often(void *pointer)
{
    struct actor *actor = pointer;
    char *answer = malloc(ANSWER_BYTES);
    size_t length;
    char *request = harness_expand(actor->mock, CREATE "Connection: close\r\n" BODY,
                                   sizeof CREATE "Connection: close\r\n" BODY - 1, &length);

    for (int i = 0; i < HANDSHAKES; i++) {
        int fd = harness_connect_tls(actor->mock);

        actor->wrong += openssl_request(fd, request, answer, ANSWER_BYTES) == 0 ||
                        strncmp(answer, "HTTP/1.1 20", 11) != 0;
        close(fd);
    }
    free(request);
    free(answer);
    return NULL;
}

static void *change_often(void *pointer)
{
    struct actor *actor = pointer;
    int fd = -1;

    for (int i = 0; i < ROUNDS * CALLS; i++) {
        const char *body = calls[i % CALLS].body;
        char request[CALL_BYTES];

        snprintf(request, sizeof request,
                 "%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 calls[i % CALLS].line, strlen(body), body);
        actor->wrong += ask(actor->mock, &fd, request) != 200;
        if (i % CALLS == CALLS - 1)
            kill(actor->mock->pid, SIGHUP);
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

TEST(every_client_is_answered_while_everything_is_replaced)
{
    static void *(*const roles[])(void *) = { write_often,       write_often,       write_often,
                                              write_often,       use_family,        use_family,
                                              shake_hands_often, shake_hands_often, change_often };
    enum { ACTORS = sizeof roles / sizeof roles[0] };
    struct actor actors[ACTORS] = { { NULL, 0 } };
    pthread_t threads[ACTORS];
    struct harness mock;
    int wrong = 0, status;

    harness_start_tls(&mock, THREADS);
    for (int i = 0; i < ACTORS; i++) {
        actors[i].mock = &mock;
        pthread_create(&threads[i], NULL, roles[i], &actors[i]);
    }
    for (int i = 0; i < ACTORS; i++) {
        pthread_join(threads[i], NULL);
        wrong += actors[i].wrong;
    }
    status = harness_stop(&mock, SIGTERM);
    assert_int_equal(wrong, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
