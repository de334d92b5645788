#include "tests/test_server.h"

#include "support/platform.h"
#include "tests/test_tls.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 256,
    REQUESTS_MAX = 4096,
    REQUEST_BYTES_MAX = 1024 * 1024,
    DEADLINE_MS = 60 * 1000,
    URL_BYTES = 64
};

struct connection {
    struct test_server *server;
    pthread_t thread;
    int socket;
    struct test_tls *tls; /* NULL: plain */
};

struct test_server {
    const struct test_turn *turns;
    size_t turn_count;
    char url[URL_BYTES];
    int listener;
    int stop_pipe[2]; /* readable once the server stops */
    struct test_tls_identity *identity;
    pthread_t acceptor;

    pthread_mutex_t lock; /* all that follows */
    pthread_cond_t changed;
    struct connection connections[CONNECTIONS_MAX];
    size_t connection_count;
    size_t closed_count;
    size_t turns_taken;
    char *requests[REQUESTS_MAX];
    size_t request_count;
};

static void require(bool is_met, const char *what)
{
    if (is_met)
        return;
    fprintf(stderr, "test server: %s: %s\n", what, strerror(errno));
    abort();
}

/* Waits for the socket, the server's end or the deadline; true: the socket is ready. */
static bool await(const struct test_server *server, int socket, short events, int timeout_ms)
{
    struct pollfd polled[2] = { { .fd = server->stop_pipe[0], .events = POLLIN },
                                { .fd = socket, .events = events } };
    int ready;

    do {
        ready = poll(polled, socket < 0 ? 1 : 2, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    return ready > 0 && polled[0].revents == 0 && polled[1].revents != 0;
}

static ssize_t receive(struct connection *connection, char *out, size_t size)
{
    bool has_more = connection->tls != NULL && test_tls_has_more(connection->tls);

    if (!has_more && !await(connection->server, connection->socket, POLLIN, DEADLINE_MS))
        return -1;
    return connection->tls != NULL ? test_tls_read(connection->tls, out, size)
                                   : recv(connection->socket, out, size, 0);
}

static bool send_all(struct connection *connection, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = connection->tls != NULL ? test_tls_write(connection->tls, data, length)
                                               : send(connection->socket, data, length, 0);

        if (sent <= 0)
            return false;
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* The value of a header of the request; NULL: there is no such header. */
static const char *field(const char *head, const char *name)
{
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, strlen(name)) == 0)
            return line + strlen(name);
    }
    return NULL;
}

/* Bytes of the body that the head announces; SIZE_MAX: chunked. */
static size_t body_length(const char *head)
{
    const char *length = field(head, "Content-Length:");

    if (field(head, "Transfer-Encoding: chunked") != NULL)
        return SIZE_MAX;
    return length != NULL ? strtoul(length, NULL, 10) : 0;
}

static bool is_whole(const char *text, size_t length, enum test_reads reads)
{
    const char *end = strstr(text, "\r\n\r\n");
    size_t body;

    if (end == NULL)
        return false;
    if (reads == TEST_READS_HEAD)
        return true;
    body = body_length(text);
    if (body == SIZE_MAX)
        return length >= 5 && memcmp(text + length - 5, "0\r\n\r\n", 5) == 0;
    return length - (size_t)(end + 4 - text) >= body;
}

/* A request, NUL-terminated; NULL: the other side went away, or we stop. */
static char *read_request(struct connection *connection, enum test_reads reads)
{
    char *text = calloc(1, REQUEST_BYTES_MAX);
    size_t length = 0;

    require(text != NULL, "calloc");
    while (length < REQUEST_BYTES_MAX - 1) {
        ssize_t got = receive(connection, text + length,
                              reads == TEST_READS_HEAD ? 1 : REQUEST_BYTES_MAX - 1 - length);

        if (got <= 0)
            break;
        length += (size_t)got;
        if (is_whole(text, length, reads))
            return text;
    }
    free(text);
    return NULL;
}

static const struct test_turn *turn_at(const struct test_server *server, size_t index)
{
    return &server->turns[index < server->turn_count ? index : server->turn_count - 1];
}

static const struct test_turn *take_turn(struct test_server *server)
{
    const struct test_turn *turn;

    pthread_mutex_lock(&server->lock);
    turn = turn_at(server, server->turns_taken++);
    pthread_mutex_unlock(&server->lock);
    return turn;
}

/* How the next request is to be read; which turn it gets is settled when it has come. */
static enum test_reads next_reads(struct test_server *server)
{
    enum test_reads reads;

    pthread_mutex_lock(&server->lock);
    reads = turn_at(server, server->turns_taken)->reads;
    pthread_mutex_unlock(&server->lock);
    return reads;
}

static void keep_request(struct test_server *server, char *text)
{
    pthread_mutex_lock(&server->lock);
    require(server->request_count < REQUESTS_MAX, "too many requests");
    server->requests[server->request_count++] = text;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

static char *answer_text(const struct test_turn *turn)
{
    const char *body = turn->body != NULL ? turn->body : "";
    const char *headers =
        turn->headers != NULL ? turn->headers : "Content-Type: application/json\r\n";
    size_t size = strlen(body) + strlen(headers) + 128;
    char *text;

    if (turn->raw != NULL)
        return strdup(turn->raw);
    text = malloc(size);
    if (text != NULL)
        snprintf(text, size, "HTTP/1.1 %d Scripted\r\n%sContent-Length: %zu\r\n\r\n%s",
                 turn->status, headers, strlen(body), body);
    return text;
}

static bool drip(struct connection *connection, const char *text, size_t length, int pause_ms)
{
    for (size_t i = 0; i < length; i++) {
        (void)await(connection->server, -1, 0, pause_ms);
        if (!send_all(connection, text + i, 1))
            return false;
    }
    return true;
}

static bool answer(struct connection *connection, const struct test_turn *turn)
{
    bool is_sent;
    char *text;
    size_t length;

    if (turn->status == 0 && turn->raw == NULL)
        return true;
    text = answer_text(turn);
    require(text != NULL, "malloc");
    length = strlen(text) - turn->held_back;
    is_sent = turn->drip_ms > 0 ? drip(connection, text, length, turn->drip_ms)
                                : send_all(connection, text, length);
    free(text);
    return is_sent;
}

/* Requests of one connection, as their turns say. */
static void serve(struct connection *connection)
{
    struct test_server *server = connection->server;

    for (;;) {
        char *request = read_request(connection, next_reads(server));
        const struct test_turn *turn;

        if (request == NULL)
            return;
        turn = take_turn(server);
        keep_request(server, request);
        if (!answer(connection, turn) || turn->then == TEST_CLOSES)
            return;
        if (turn->then == TEST_RESETS) {
            struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

            setsockopt(connection->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            return;
        }
        if (turn->then == TEST_STALLS) {
            (void)await(server, -1, 0, DEADLINE_MS);
            return;
        }
    }
}

static void *connection_main(void *argument)
{
    struct connection *connection = argument;
    struct test_server *server = connection->server;
    sigset_t pipe_signal;

    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
    if (server->identity != NULL)
        connection->tls = test_tls_accept(server->identity, connection->socket);
    if (server->identity == NULL || connection->tls != NULL)
        serve(connection);
    test_tls_free(connection->tls);
    close(connection->socket);
    pthread_mutex_lock(&server->lock);
    server->closed_count++;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

static void *acceptor_main(void *argument)
{
    struct test_server *server = argument;
    struct timeval deadline = { .tv_sec = DEADLINE_MS / 1000 };

    while (await(server, server->listener, POLLIN, -1)) {
        struct connection *connection;
        int socket = accept(server->listener, NULL, NULL);

        if (socket < 0)
            continue;
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
        pthread_mutex_lock(&server->lock);
        require(server->connection_count < CONNECTIONS_MAX, "too many connections");
        connection = &server->connections[server->connection_count];
        connection->server = server;
        connection->socket = socket;
        require(pthread_create(&connection->thread, NULL, connection_main, connection) == 0,
                "pthread_create");
        server->connection_count++;
        pthread_mutex_unlock(&server->lock);
    }
    return NULL;
}

/* A listening or merely bound socket on a free loopback port. */
static int open_port(char url[URL_BYTES], const char *scheme, bool listens)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    int made = platform_stream_socket(AF_INET);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(made >= 0 && bind(made, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    require(!listens || listen(made, SOMAXCONN) == 0, "listen");
    require(getsockname(made, (struct sockaddr *)&address, &size) == 0, "getsockname");
    snprintf(url, URL_BYTES, "%s://127.0.0.1:%u", scheme, (unsigned)ntohs(address.sin_port));
    return made;
}

static struct test_server *start(const struct test_turn *turns, size_t count,
                                 struct test_tls_identity *identity)
{
    struct test_server *server = calloc(1, sizeof *server);

    require(server != NULL && pipe(server->stop_pipe) == 0, "pipe");
    server->turns = turns;
    server->turn_count = count;
    server->identity = identity;
    server->listener = open_port(server->url, identity != NULL ? "https" : "http", true);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    require(pthread_create(&server->acceptor, NULL, acceptor_main, server) == 0, "pthread_create");
    return server;
}

struct test_server *test_server_start(const struct test_turn *turns, size_t count)
{
    return start(turns, count, NULL);
}

struct test_server *test_server_start_tls(const struct test_turn *turns, size_t count)
{
    struct test_tls_identity *identity = test_tls_identity_new();

    require(identity != NULL, "TLS certificate");
    return start(turns, count, identity);
}

void test_server_stop(struct test_server *server)
{
    if (server == NULL)
        return;
    close(server->stop_pipe[1]);
    pthread_join(server->acceptor, NULL);
    for (size_t i = 0; i < server->connection_count; i++)
        pthread_join(server->connections[i].thread, NULL);
    for (size_t i = 0; i < server->request_count; i++)
        free(server->requests[i]);
    close(server->listener);
    close(server->stop_pipe[0]);
    test_tls_identity_free(server->identity);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->changed);
    free(server);
}

const char *test_server_url(const struct test_server *server)
{
    return server->url;
}

const char *test_server_ca_file(const struct test_server *server)
{
    return test_tls_ca_file(server->identity);
}

/* The present value of a counter. */
static size_t count_of(struct test_server *server, const size_t *counter)
{
    size_t count;

    pthread_mutex_lock(&server->lock);
    count = *counter;
    pthread_mutex_unlock(&server->lock);
    return count;
}

size_t test_server_requests(struct test_server *server)
{
    return count_of(server, &server->request_count);
}

size_t test_server_connections(struct test_server *server)
{
    return count_of(server, &server->connection_count);
}

const char *test_server_request(struct test_server *server, size_t index)
{
    const char *text;

    pthread_mutex_lock(&server->lock);
    text = index < server->request_count ? server->requests[index] : "";
    pthread_mutex_unlock(&server->lock);
    return text;
}

void test_server_await_closed(struct test_server *server, size_t count)
{
    struct timespec deadline;
    int result = 0;

    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += DEADLINE_MS / 1000;
    pthread_mutex_lock(&server->lock);
    while (server->closed_count < count && result == 0)
        result = pthread_cond_timedwait(&server->changed, &server->lock, &deadline);
    pthread_mutex_unlock(&server->lock);
}

/* The socket stays bound and never listens, so that nobody else can. */
const char *test_server_nobody(void)
{
    static char url[URL_BYTES];

    if (url[0] == '\0')
        (void)open_port(url, "http", false);
    return url;
}
