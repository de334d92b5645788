#include "record/recorder_server.h"
#include "record/recorder_forward.h"
#include "support/framing.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/text.h"
#include <civetweb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEEP_ALIVE_MS = 5000,
    SILENCE_MS = 10000, /* in the middle of a request */
    BODY_DEADLINE_MS = 60000,
    IDLE_MS = 2000, /* of a connection to the target that is used again */
    STOP_GRACE_MS = 300,
    STOP_CANCEL_MS = 5000,
    CLOSE_FROM = RECORDER_THREADS * 3 / 4, /* connections, from which on answers close theirs */
    PIECE_BYTES = 16 * 1024,
    LOG_LINE_BYTES = 320
};

/* One thread of civetweb. */
struct worker {
    struct recorder_server *server;
    struct http_session *session;
    int64_t used_ms; /* monotonic; when the session was used last */
};

struct recorder_server {
    struct recorder *recorder;
    struct mg_context *context;
    struct worker workers[RECORDER_THREADS];
    atomic_int worker_count;
    atomic_int connections, requests;
    atomic_bool is_stopping, has_started;
    char log_line[LOG_LINE_BYTES]; /* why the start failed */
};

static int on_log(const struct mg_connection *conn, const char *message)
{
    struct recorder_server *server = mg_get_user_context_data(conn);

    if (!atomic_load(&server->has_started) &&
        (strncmp(message, "cannot ", 7) == 0 || server->log_line[0] == '\0'))
        snprintf(server->log_line, sizeof server->log_line, "%s", message);
    return 1;
}

static void *on_thread(const struct mg_context *context, int type)
{
    struct recorder_server *server = mg_get_user_data(context);
    int number;

    if (type != 1) /* a worker */
        return NULL;
    number = atomic_fetch_add(&server->worker_count, 1);
    if (number >= RECORDER_THREADS)
        return NULL;
    server->workers[number].server = server;
    return &server->workers[number];
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

/* False: it did not come whole, or is too large; the recorder's answer says so. */
static bool body_read(struct recorded *x, struct mg_connection *conn, const struct framing *framing)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct message *message = &x->trip.message;
    const int64_t deadline_ms = monotonic_ms() + BODY_DEADLINE_MS;
    char piece[PIECE_BYTES];
    int count = 0;

    message->has_body = framing->is_chunked;
    message->is_chunked = framing->is_chunked;
    for (size_t i = 0; i < message->header_count; i++) {
        message->has_body =
            message->has_body || text_equal_nocase(message->headers[i].name, "Content-Length");
        if (text_equal_nocase(message->headers[i].name, "Expect") &&
            framing->content_length <= RECORDER_BODY_BYTES_MAX &&
            text_lists_word(message->headers[i].value, "100-continue"))
            mg_write(conn, go_on, sizeof go_on - 1);
    }
    if (framing->content_length > RECORDER_BODY_BYTES_MAX) {
        recorder_refuse(x, 413, "the request's body has more than 1 MiB, which is not forwarded");
        return false;
    }
    while (buf_ok(&message->body) && monotonic_ms() < deadline_ms &&
           (framing->is_chunked || (int64_t)message->body.length < framing->content_length) &&
           (count = mg_read(conn, piece, sizeof piece)) > 0)
        buf_add(&message->body, piece, (size_t)count);
    if (message->body.status == BUF_TOO_LONG)
        recorder_refuse(x, 413, "the request's body has more than 1 MiB, which is not forwarded");
    else if (!buf_ok(&message->body))
        recorder_refuse(x, 500, "out of memory");
    else if (count < 0 ||
             (!framing->is_chunked && (int64_t)message->body.length != framing->content_length) ||
             monotonic_ms() >= deadline_ms)
        recorder_refuse(x, 400, "the request's body did not come whole");
    return !x->was_refused_here;
}

static void fields_take(struct recorded *x, const struct framing_head *head)
{
    struct message *message = &x->trip.message;
    struct authorization *authorization = &message->authorization;

    for (int i = 0; i < head->field_count && i < HEADERS_MAX; i++) {
        message->headers[message->header_count++] =
            (struct http_header){ head->fields[i].name, head->fields[i].value };
        if (head->fields[i].kind == FIELD_AUTHORIZATION &&
            authorization->count < AUTHORIZATIONS_MAX) {
            authorization->at[authorization->count] = strdup(head->fields[i].value);
            authorization->count += authorization->at[authorization->count] != NULL;
        }
    }
}

/* A connection to the target that was idle for long may be closed by it any moment. */
static struct http_session *session_of(struct worker *worker, struct recorded *x)
{
    struct hm_error err;

    if (worker->session == NULL &&
        http_session_new(&worker->session, &worker->server->recorder->tls, &err) != HM_OK)
        recorder_refuse(x, 500, "%.200s", err.text);
    if (worker->session != NULL && monotonic_ms() - worker->used_ms > IDLE_MS)
        http_session_reconnect(worker->session);
    return worker->session;
}

static void url_make(struct recorded *x, const struct recorder *recorder,
                     const struct mg_request_info *info, struct buf *target)
{
    buf_puts(target, info->request_uri != NULL ? info->request_uri : "/");
    if (info->query_string != NULL)
        buf_printf(target, "?%s", info->query_string);
    buf_printf(&x->trip.message.url, "%s%s", recorder->base_url, buf_text(target));
    x->target = (struct span){ buf_text(target), target->length };
}

static void answer_send(struct mg_connection *conn, struct recorded *x, bool closes)
{
    struct buf out;

    buf_init(&out, (size_t)RECORDER_ANSWER_BYTES_MAX + HTTP_HEADER_BYTES_MAX + PIECE_BYTES);
    recorder_answer_write(&out, x, mg_get_response_code_text(conn, x->status), closes);
    if (closes)
        mg_disable_connection_keep_alive(conn);
    if (!buf_ok(&out) || mg_write(conn, out.data, out.length) != (int)out.length)
        mg_disable_connection_keep_alive(conn);
    buf_fini(&out);
}

/* Reads the request whole, or has the recorder answer it. */
static void request_read(struct recorded *x, struct mg_connection *conn,
                         struct recorder_server *server, struct buf *target)
{
    const struct mg_request_info *info = mg_get_request_info(conn);
    struct framing_head head;
    struct framing framing;
    const char *reason = "";
    int status;

    head_take(&head, info);
    buf_init(&x->trip.message.url, (size_t)2 * HEAD_BUFFER_BYTES);
    buf_init(&x->trip.message.body, RECORDER_BODY_BYTES_MAX);
    x->method = info->request_method;
    url_make(x, server->recorder, info, target);
    status = framing_check(&framing, &head, &reason);
    fields_take(x, &head);
    if (status != 0)
        recorder_refuse(x, status, "%s", reason);
    else if (atomic_load(&server->is_stopping))
        recorder_refuse(x, 503, "the recording has ended");
    else if (x->target.at[0] != '/')
        recorder_refuse(x, 400,
                        "the request's target is not a path: is the recorder set as a proxy? Set "
                        "it as base URL");
    else if (recorder_is_loop(x))
        recorder_refuse(x, 508, "the target of the recorder is the recorder");
    else
        body_read(x, conn, &framing);
}

/* Forwards the request, unless the recorder answers it, and records it. */
static void request_play(struct recorded *x, struct worker *worker)
{
    struct recorder *recorder = worker->server->recorder;

    recorder_begin(recorder, x);
    if (!x->was_refused_here) {
        struct http_session *session = session_of(worker, x);

        if (session != NULL)
            recorder_forward(recorder, x, session);
        worker->used_ms = monotonic_ms();
    }
    x->status = recorder_status(x);
    recorder_end(recorder, x);
}

static int on_request(struct mg_connection *conn)
{
    struct worker *worker = mg_get_thread_pointer(conn);
    struct recorded *x = calloc(1, sizeof *x);
    struct recorder_server *server;
    struct buf target;
    bool closes;
    int status;

    if (worker == NULL || x == NULL) {
        free(x);
        mg_disable_connection_keep_alive(conn);
        return 503; /* closed without an answer */
    }
    server = worker->server;
    atomic_fetch_add(&server->requests, 1);
    buf_init(&target, HEAD_BUFFER_BYTES);
    request_read(x, conn, server, &target);
    closes = x->was_refused_here; /* the body may be unread */
    request_play(x, worker);
    closes = closes || strcmp(mg_get_request_info(conn)->http_version, "1.0") == 0 ||
             atomic_load(&server->connections) >= CLOSE_FROM || atomic_load(&server->is_stopping);
    status = x->status;
    answer_send(conn, x, closes);
    recorded_fini(x);
    free(x);
    buf_fini(&target);
    atomic_fetch_sub(&server->requests, 1);
    return status;
}

/* What civetweb refused before it was a request: an unknown method, a broken or large head. */
static int on_error(struct mg_connection *conn, int status, const char *message)
{
    struct recorder_server *server = mg_get_user_data(mg_get_context(conn));
    const struct mg_request_info *info = mg_get_request_info(conn);
    struct recorded *x = calloc(1, sizeof *x);
    struct framing_head head;

    (void)message;
    mg_disable_connection_keep_alive(conn);
    if (x == NULL)
        return 0;
    head_take(&head, info);
    x->method = "?";
    x->target = (struct span){ "/", 1 };
    if (framing_is_unknown_method(&head)) {
        x->method = head.method;
        x->target = (struct span){ head.uri, strcspn(head.uri, "?") };
        recorder_refuse(x, 501, "this method is not one that can be forwarded");
    } else {
        recorder_refuse(x, status >= 400 && status <= 599 ? status : 400,
                        "this is not an HTTP/1.1 request that can be forwarded");
    }
    recorder_begin(server->recorder, x);
    recorder_end(server->recorder, x);
    answer_send(conn, x, true);
    recorded_fini(x);
    free(x);
    return 0;
}

static int on_connect(const struct mg_connection *conn, void **data)
{
    struct recorder_server *server = mg_get_user_data(mg_get_context(conn));

    *data = NULL;
    atomic_fetch_add(&server->connections, 1);
    return 0;
}

static void on_disconnect(const struct mg_connection *conn)
{
    struct recorder_server *server = mg_get_user_data(mg_get_context(conn));

    atomic_fetch_sub(&server->connections, 1);
}

enum hm_code recorder_server_start(struct recorder_server **server, int *port,
                                   struct recorder *recorder, struct hm_error *err)
{
    const struct mg_callbacks callbacks = { .begin_request = on_request,
                                            .http_error = on_error,
                                            .init_connection = on_connect,
                                            .connection_closed = on_disconnect,
                                            .log_message = on_log,
                                            .init_thread = on_thread };
    char address[32], threads[16], keep_alive[16], timeout[16], head[16];
    const char *options[] = { "listening_ports",
                              address,
                              "num_threads",
                              threads,
                              "enable_keep_alive",
                              "yes",
                              "tcp_nodelay",
                              "1",
                              "keep_alive_timeout_ms",
                              keep_alive,
                              "request_timeout_ms",
                              timeout,
                              "connection_queue",
                              "256",
                              "listen_backlog",
                              "1024",
                              "decode_url",
                              "no",
                              "enable_auth_domain_check",
                              "no",
                              "access_control_allow_methods",
                              "",
                              "max_request_size",
                              head,
                              NULL };
    struct recorder_server *made = calloc(1, sizeof *made);
    struct mg_init_data init = { &callbacks, made, options };
    struct mg_server_port ports[2] = { 0 };
    sigset_t all, before;

    *server = NULL;
    if (made == NULL)
        return no_memory(err);
    made->recorder = recorder;
    snprintf(address, sizeof address, "127.0.0.1:%d", *port);
    snprintf(threads, sizeof threads, "%d", RECORDER_THREADS);
    snprintf(keep_alive, sizeof keep_alive, "%d", KEEP_ALIVE_MS);
    snprintf(timeout, sizeof timeout, "%d", SILENCE_MS);
    snprintf(head, sizeof head, "%d", HEAD_BUFFER_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    made->context = mg_start2(&init, NULL);
    atomic_store(&made->has_started, true);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (made->context == NULL || mg_get_server_ports(made->context, 1, ports) != 1) {
        hm_error_set(err, HM_BAD_INPUT, "cannot listen on %s: %s", address, made->log_line);
        recorder_server_stop(made);
        return HM_BAD_INPUT;
    }
    *port = ports[0].port;
    *server = made;
    return HM_OK;
}

static void wait_for_requests(const struct recorder_server *server, int most_ms)
{
    const int64_t end_ms = monotonic_ms() + most_ms;

    while (atomic_load(&server->requests) > 0 && monotonic_ms() < end_ms)
        monotonic_pause(1);
}

void recorder_server_stop(struct recorder_server *server)
{
    if (server == NULL)
        return;
    atomic_store(&server->is_stopping, true);
    wait_for_requests(server, STOP_GRACE_MS);
    atomic_store(&server->recorder->is_cancelled, true);
    wait_for_requests(server, STOP_CANCEL_MS);
    if (server->context != NULL)
        mg_stop(server->context);
    for (int i = 0; i < RECORDER_THREADS; i++)
        http_session_free(server->workers[i].session);
    free(server);
}
