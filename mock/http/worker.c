#include "http/worker.h"

#include "contract/token_memory.h"
#include "fault/fault.h"
#include "http/delivery.h"
#include "http/dispatch.h"
#include "http/fields.h"
#include "operation/body.h"
#include "support/framing.h"
#include "support/monotonic.h"
#include <civetweb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* From patches in ci/civetweb: the target is * or a URL of another host; TLS on a plain port. */
enum { TARGET_NOT_OURS = 421 };
#define TLS_CAME "TLS"

enum {
    WRITE_BYTES_MAX = 256 * 1024,
    CARRIED_BYTES_MAX = 16 * 1024, /* at once, from a stream to a client over TLS */
    TARGET_BYTES_MAX = 8192        /* of a target that civetweb refused; longer ones are cut */
};

struct worker {
    struct workers *workers;
    struct exchange exchange;
    struct token_memory token_memory;
    bool is_connected;
    bool has_served; /* a request of this connection */
    char target[TARGET_BYTES_MAX];
};

bool workers_init(struct workers *workers, struct mock *mock, int most, int spare)
{
    *workers = (struct workers){ .mock = mock };
    workers->at = malloc((size_t)(most + spare) * sizeof *workers->at);
    if (workers->at == NULL)
        return false;
    threads_init(&workers->threads, most);
    return true;
}

void workers_fini(struct workers *workers)
{
    int started = atomic_load(&workers->threads.workers);

    for (int i = 0; i < started; i++)
        exchange_fini(&workers->at[i].exchange);
    threads_fini(&workers->threads);
    free(workers->at);
}

struct worker *worker_start(struct workers *workers)
{
    struct worker *worker = &workers->at[threads_add(&workers->threads)];

    worker->workers = workers;
    worker->is_connected = false;
    worker->token_memory.secrets = 0;
    exchange_init(&worker->exchange, workers->mock);
    return worker;
}

static struct worker *worker_of(const struct mg_connection *conn)
{
    return mg_get_thread_pointer(conn);
}

static int connection_read(void *from, char *buf, size_t length)
{
    return mg_read(from, buf, length);
}

static void connection_go_on(void *from)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

    mg_write(from, go_on, sizeof go_on - 1);
}

static bool connection_wait(void *from, int ms)
{
    return delivery_wait(mg_get_socket(from), &worker_of(from)->workers->mock->is_stopping, ms);
}

static void head_take(struct framing_head *head, const struct mg_request_info *info)
{
    head->method = info->request_method;
    head->uri = info->request_uri;
    head->query = info->query_string;
    head->version = info->http_version;
    head->field_count = info->num_headers < 0 ? info->num_headers : 0;
    for (int i = 0; i < info->num_headers; i++)
        framing_add_field(head, info->http_headers[i].name, info->http_headers[i].value);
}

/* Checks the framing and runs the request: afterwards the exchange has its answer. */
static void request_handle(struct exchange *x, const struct mg_request_info *info)
{
    struct framing_head head;
    struct framing framing;
    const char *reason;
    int status;

    head_take(&head, info);
    status = framing_check(&framing, &head, &reason);
    x->request.method = private_text(info->request_method);
    x->request.path = private_text(info->local_uri_raw);
    x->request.query = private_text(info->query_string);
    x->request.peer = info->remote_addr;
    x->request.peer_port = info->remote_port;
    x->request.is_tls = info->is_ssl != 0;
    fields_take(&x->request, &head);
    if (status != 0) {
        dispatch_refuse(x, status, status == 431 ? HM_T8_HEAD_TOO_LARGE : HM_T8_REQUEST_MALFORMED,
                        reason);
        return;
    }
    x->request.content_length = framing.content_length;
    x->request.is_chunked = framing.is_chunked;
    dispatch_run(x);
}

/* Nearly all threads have a connection: then answers close theirs, so that other clients get one.
 */
static bool are_threads_scarce(const struct workers *workers)
{
    return atomic_load_explicit(&workers->connections, memory_order_relaxed) >=
           atomic_load_explicit(&workers->threads.connection_limit, memory_order_relaxed);
}

/* Does the client take too long? */
static bool is_late(const struct workers *workers, int64_t began_us)
{
    int64_t ms = are_threads_scarce(workers) ? ANSWER_DEADLINE_MS / 10 : ANSWER_DEADLINE_MS;

    return monotonic_us() - began_us > ms * 1000;
}

/* In one write, or where they are many in pieces, with a look at the clock after each. False: the
 * client did not take them all. */
static bool bytes_send(struct mg_connection *conn, const char *bytes, size_t length)
{
    const struct workers *workers = worker_of(conn)->workers;
    int64_t began_us = length > WRITE_BYTES_MAX ? monotonic_us() : 0;

    for (; length > WRITE_BYTES_MAX; length -= WRITE_BYTES_MAX, bytes += WRITE_BYTES_MAX) {
        if (mg_write(conn, bytes, WRITE_BYTES_MAX) < WRITE_BYTES_MAX || is_late(workers, began_us))
            return false;
    }
    return mg_write(conn, bytes, length) == (int)length;
}

static bool parts_send(struct mg_connection *conn, const struct answer *answer)
{
    for (size_t i = 0; i < ANSWER_PARTS; i++) {
        if (answer->parts[i].length > 0 &&
            !bytes_send(conn, answer->parts[i].at, answer->parts[i].length))
            return false;
    }
    return true;
}

/* A stream that breaks ends with a reset, so that no client takes it for a whole answer. */
static bool answer_send(struct mg_connection *conn, struct answer *answer)
{
    const struct workers *workers = worker_of(conn)->workers;
    int64_t began_us = answer->stream.from == NULL ? 0 : monotonic_us();
    bool is_sent = parts_send(conn, answer);

    while (is_sent && answer_go_on(answer))
        is_sent = !is_late(workers, began_us) && parts_send(conn, answer);
    if (answer->is_stream_broken)
        delivery_reset(mg_get_socket(conn));
    return is_sent && !answer->is_stream_broken;
}

/* Over TLS this thread stays, one of those that there are for it, and carries bytes from a pair of
 * sockets to the client, until either side ends. */
static void stream_carry(struct mg_connection *conn, struct answer_stream *stream)
{
    struct workers *workers = worker_of(conn)->workers;
    char bytes[CARRIED_BYTES_MAX];
    ssize_t count = 0;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return;
    atomic_fetch_sub_explicit(&workers->connections, 1, memory_order_relaxed);
    stream->take(stream->from, ends[1]);
    stream->from = NULL;
    struct pollfd polls[] = { { .fd = ends[0], .events = POLLIN },
                              { .fd = mg_get_socket(conn), .events = POLLIN } };
    do {
        if (count > 0 && mg_write(conn, bytes, (size_t)count) != (int)count)
            break;
        if (poll(polls, 2, -1) > 0 && polls[1].revents == 0)
            count = read(ends[0], bytes, sizeof bytes);
        else
            count = 0;
    } while (count > 0);
    close(ends[0]);
    atomic_fetch_add_explicit(&workers->connections, 1, memory_order_relaxed);
}

/* After the head: the rest is not for this thread. */
static void stream_hand_over(struct mg_connection *conn, struct answer_stream *stream)
{
    int connection = delivery_take(mg_get_socket(conn));

    if (connection < 0)
        return;
    stream->take(stream->from, connection);
    stream->from = NULL;
}

/* Sends the answer, and ends a connection that cannot go on. */
static void answer_deliver(struct mg_connection *conn, struct exchange *x)
{
    struct answer *answer = &x->answer;
    bool goes_on = !answer->must_close;

    if (!goes_on)
        mg_disable_connection_keep_alive(conn);
    if (answer->delivery == DELIVER_RESET)
        delivery_reset(mg_get_socket(conn));
    else if (answer->delivery == DELIVER_STALL)
        connection_wait(conn, FAULT_WAIT_MS_MAX);
    else if (!answer_send(conn, answer) || (goes_on && !body_drain(x)))
        mg_disable_connection_keep_alive(conn);
    else if (answer->stream.from != NULL && answer->stream.take != NULL && !answer->is_for_head)
        (x->request.is_tls ? stream_carry : stream_hand_over)(conn, &answer->stream);
}

static struct exchange *request_begin(struct worker *worker)
{
    atomic_fetch_add(&worker->workers->requests, 1);
    exchange_begin(&worker->exchange);
    worker->exchange.token_memory = &worker->token_memory;
    return &worker->exchange;
}

/* After the answer. */
static void request_end(struct worker *worker)
{
    dispatch_end(&worker->exchange);
    worker->has_served = true;
    atomic_fetch_sub(&worker->workers->requests, 1);
}

static int on_request(struct mg_connection *conn)
{
    struct worker *worker = worker_of(conn);
    struct workers *workers = worker->workers;
    struct exchange *x = request_begin(worker);
    int status;

    x->connection = (struct connection){ conn, connection_read, connection_go_on, connection_wait };
    x->request.is_reused = worker->has_served;
    x->answer.must_close = are_threads_scarce(workers) || atomic_load(&workers->mock->is_stopping);
    request_handle(x, mg_get_request_info(conn));
    answer_deliver(conn, x);
    status = x->answer.status == 0 ? 500 : x->answer.status; /* 0 means "not handled" */
    request_end(worker);
    return status;
}

/* The target as a path: without its query, and without the text before the host of a whole URL,
 * which may be a password. */
static void target_take(char target[TARGET_BYTES_MAX], const char *uri)
{
    const char *after = strstr(uri, "://");
    size_t scheme = after == NULL || *uri == '/' ? 0 : (size_t)(after - uri) + 3;
    const char *rest = uri + scheme;

    if (scheme > 0) {
        const char *end = rest + strcspn(rest, "/?");

        for (const char *at; (at = memchr(rest, '@', (size_t)(end - rest))) != NULL;)
            rest = at + 1;
    }
    snprintf(target, TARGET_BYTES_MAX, "%.*s%.*s", (int)scheme, uri, (int)strcspn(rest, "?"), rest);
}

/* Answers what civetweb refused before it became a request. */
static void error_handle(struct worker *worker, int status, const char *message,
                         const struct mg_request_info *info)
{
    struct exchange *x = &worker->exchange;
    struct framing_head head;
    const char *query;

    head_take(&head, info);
    x->request.peer = info->remote_addr;
    if (status == TARGET_NOT_OURS || (status == 400 && framing_is_unknown_method(&head))) {
        target_take(worker->target, head.uri);
        x->request.method = private_text(info->request_method);
        x->request.path = private_text(worker->target);
        query = strchr(head.uri, '?');
        x->request.query = private_text(query != NULL ? query + 1 : head.query);
        dispatch_run(x);
    } else if (status == 413 || status == 431) {
        dispatch_refuse(x, 431, HM_T8_HEAD_TOO_LARGE,
                        "request line and header fields have more than 16 KiB");
    } else if (status == 505) {
        dispatch_refuse(x, status, HM_T8_REQUEST_MALFORMED, "the version is not HTTP/1.0 or 1.1");
    } else if (status >= 500) { /* civetweb's message may quote the request */
        dispatch_refuse(x, status, HM_T8_REQUEST_MALFORMED, "the request cannot be served");
    } else if (strcmp(message, TLS_CAME) == 0) {
        dispatch_refuse(x, 400, HM_T8_TLS_ON_PLAIN_PORT,
                        "the client sent a TLS handshake to a port without TLS");
    } else if (head.method != NULL && strcmp(head.method, "CONNECT") == 0) {
        dispatch_refuse(x, 400, HM_T6_PROXY_REQUEST,
                        "the client asks for a tunnel to another server (CONNECT), as for a proxy");
    } else if (head.method != NULL && strcmp(head.method, "PRI") == 0) {
        dispatch_refuse(x, 400, HM_T8_HTTP_2_REQUEST,
                        "the client speaks HTTP/2 from its first byte");
    } else if (status == 408) {
        dispatch_refuse(x, 408, HM_T8_REQUEST_MALFORMED,
                        "the head of the request was not complete in time");
    } else {
        dispatch_refuse(x, 400, HM_T8_REQUEST_MALFORMED,
                        "request line and header fields are not HTTP/1.1");
    }
}

static int on_error(struct mg_connection *conn, int status, const char *message)
{
    struct worker *worker = worker_of(conn);
    struct exchange *x = request_begin(worker);

    x->answer.must_close = true;
    error_handle(worker, status, message, mg_get_request_info(conn));
    mg_disable_connection_keep_alive(conn);
    answer_send(conn, &x->answer);
    request_end(worker);
    return 0;
}

static int on_connect(const struct mg_connection *conn, void **data)
{
    struct worker *worker = worker_of(conn);

    *data = NULL;
    worker->is_connected = true;
    worker->has_served = false;
    atomic_fetch_add_explicit(&worker->workers->connections, 1, memory_order_relaxed);
    return 0;
}

/* Also called for a connection that on_connect() never saw. */
static void on_disconnect(const struct mg_connection *conn)
{
    struct worker *worker = worker_of(conn);

    if (worker->is_connected)
        atomic_fetch_sub_explicit(&worker->workers->connections, 1, memory_order_relaxed);
    worker->is_connected = false;
}

void worker_callbacks(struct mg_callbacks *callbacks)
{
    callbacks->begin_request = on_request;
    callbacks->http_error = on_error;
    callbacks->init_connection = on_connect;
    callbacks->connection_closed = on_disconnect;
}
