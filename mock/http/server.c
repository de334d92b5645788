#include "http/server.h"

#include "control/viewers.h"
#include "http/worker.h"
#include "journal/log.h"
#include "support/buf.h"
#include "support/framing.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include "tls/handshake.h"
#include "tls/trust.h"
#include <civetweb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    SILENCE_S = 10, /* after which a connection without a request gets a thread too */
    UNSENT_BYTES_MAX = 128 * 1024, /* the kernel doubles it */
    LISTEN_BACKLOG = 4096,
    LISTENERS_BYTES_MAX = 8192,
    LOG_LINE_BYTES = 320
};

enum { THREAD_MASTER = 0, THREAD_WORKER = 1 }; /* as civetweb numbers them */

struct server {
    struct mock *mock;
    struct workers workers;
    const struct trust_chain *chain; /* NULL: no TLS */
    struct mg_context *context;
    int threads, spare;            /* for requests; for viewers over TLS */
    atomic_bool has_started;       /* mg_start2() has returned */
    char log_line[LOG_LINE_BYTES]; /* why the start failed; written by the starting thread alone */
};

/* The system refused a thread. One warning, for it happens again with every connection. */
static void refusal_note(struct server *server)
{
    char line[LOG_LINE_BYTES];
    bool is_first = threads_refuse(&server->workers.threads);

    if (!is_first || !atomic_load(&server->has_started) || server->mock->log != LOG_TEXT)
        return;
    snprintf(
        line, sizeof line,
        "heymarket-mock: warning: the system allows only %d of %d threads, so clients may have "
        "to wait: raise the limits on processes and memory\n",
        atomic_load(&server->workers.threads.workers), server->threads);
    log_line(line, strlen(line));
}

static void on_failed_handshake(struct mock *mock, const char *message, int fd)
{
    const char *reason;
    struct buf line;

    handshake_note(&mock->handshakes, message, fd);
    if (mock->log != LOG_TEXT)
        return;
    reason = handshake_reason(&mock->handshakes);
    buf_init(&line, HANDSHAKE_CURE_BYTES_MAX);
    buf_printf(&line, "heymarket-mock: a TLS handshake failed (%s): ", reason);
    handshake_cure(&line, reason, false);
    buf_putc(&line, '\n');
    if (buf_ok(&line))
        log_line(line.data, line.length);
    buf_fini(&line);
}

/* mg_start2() says only that it failed; its log says why. After the start, failed handshakes are
 * the only messages of interest. */
static int on_log(const struct mg_connection *conn, const char *message)
{
    struct server *server = mg_get_user_context_data(conn);

    if (strncmp(message, "Cannot start worker thread", 26) == 0)
        refusal_note(server);
    if (server->has_started) {
        if (handshake_has_failed(message))
            on_failed_handshake(server->mock, message, mg_get_socket(conn));
        return 1;
    }
    if (strncmp(message, "cannot ", 7) == 0 || server->log_line[0] == '\0')
        snprintf(server->log_line, sizeof server->log_line, "%s", message);
    return 1;
}

/* civetweb would read certificates from files; ours are in memory. */
static int on_tls(void *ssl_ctx, void *data)
{
    const struct server *server = data;

    handshakes_watch(&server->mock->handshakes, ssl_ctx);
    return trust_chain_serve(server->chain, ssl_ctx) ? 1 : -1;
}

static struct server *server_new(struct mock *mock, const struct trust_chain *chain, int threads)
{
    struct server *server = calloc(1, sizeof *server);

    if (server == NULL)
        return NULL;
    server->spare = chain != NULL && mock->viewers != NULL ? VIEWERS_MAX : 0;
    if (!workers_init(&server->workers, mock, threads, server->spare)) {
        free(server);
        return NULL;
    }
    server->mock = mock;
    server->chain = chain;
    server->threads = threads;
    return server;
}

static void *on_thread_start(const struct mg_context *context, int type)
{
    struct server *server = mg_get_user_data(context);

    if (type == THREAD_WORKER)
        return worker_start(&server->workers);
    if (type == THREAD_MASTER)
        threads_accept(&server->workers.threads);
    return NULL;
}

static void context_start(struct server *server, const char *addresses)
{
    struct mg_callbacks callbacks = { .log_message = on_log,
                                      .init_ssl = on_tls,
                                      .init_thread = on_thread_start };
    char threads[16], keep_alive[16], timeout[16], queue[16], backlog[16], head[16];
    const char *options[] = { "listening_ports",
                              addresses,
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
                              "listen_backlog",
                              backlog,
                              "connection_queue",
                              queue,
                              "decode_url",
                              "no",
                              "enable_auth_domain_check",
                              "no",
                              "access_control_allow_methods",
                              "",
                              "max_request_size",
                              head,
                              NULL };
    struct mg_init_data init = { &callbacks, server, options };

    worker_callbacks(&callbacks);
    snprintf(threads, sizeof threads, "%d", server->threads + server->spare);
    snprintf(keep_alive, sizeof keep_alive, "%d", KEEP_ALIVE_TIMEOUT_MS);
    snprintf(timeout, sizeof timeout, "%d", REQUEST_TIMEOUT_MS);
    snprintf(queue, sizeof queue, "%d", CONNECTION_QUEUE);
    snprintf(backlog, sizeof backlog, "%d", LISTEN_BACKLOG);
    snprintf(head, sizeof head, "%d", HEAD_BUFFER_BYTES);
    server->context = mg_start2(&init, NULL);
    atomic_store(&server->has_started, true);
}

/* The ports that were chosen, in the order of the listeners. */
static bool ports_take(const struct mg_context *context, struct listener *listeners, size_t count)
{
    struct mg_server_port *ports = calloc(count + 1, sizeof *ports);
    bool is_done = ports != NULL && mg_get_server_ports(context, (int)count, ports) == (int)count;

    for (size_t i = 0; is_done && i < count; i++)
        listeners[i].port = ports[i].port;
    free(ports);
    return is_done;
}

/* A connection without a request holds no thread; unread answers fill little of the system's
 * memory, which would lend a slow client megabytes. Best effort. */
static void listening_sockets_tune(const struct mg_context *context)
{
    const int unsent_bytes = UNSENT_BYTES_MAX;

    for (int i = 0, fd; (fd = mg_get_listening_socket(context, i)) >= 0; i++) {
        platform_accept_late(fd, SILENCE_S);
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &unsent_bytes, sizeof unsent_bytes);
    }
}

/* The thread that accepts connections wakes at once, and not only at the end of its wait. */
static void listening_sockets_shut(const struct mg_context *context)
{
    for (int i = 0, fd; (fd = mg_get_listening_socket(context, i)) >= 0; i++)
        shutdown(fd, SHUT_RDWR);
}

/* After a failure the caller stops it. */
static enum hm_code start(struct server *server, struct listener *listeners, size_t count,
                          struct hm_error *err)
{
    char address[LISTENER_URL_TEXT];
    struct buf addresses;
    enum hm_code code = HM_OK;

    buf_init(&addresses, LISTENERS_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        listener_address(address, &listeners[i]);
        buf_printf(&addresses, "%s%s%s", i == 0 ? "" : ",", address,
                   listeners[i].is_tls ? "s" : "");
    }
    if (addresses.status == BUF_NO_MEMORY)
        TRY(no_memory(err));
    if (!buf_ok(&addresses))
        TRY(hm_error_set(err, HM_BAD_INPUT, "cannot listen on %zu addresses: too many", count));
    context_start(server, buf_text(&addresses));
    if (server->context == NULL)
        TRY(listener_explain(server->log_line, err));
    if (!threads_wait(&server->workers.threads))
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "no more than %d threads could be started: raise the limits on processes "
                         "and memory",
                         atomic_load(&server->workers.threads.workers)));
    if (!ports_take(server->context, listeners, count))
        TRY(hm_error_set(err, HM_INTERNAL, "the server does not report its ports"));
    listening_sockets_tune(server->context);
out:
    buf_fini(&addresses);
    return code;
}

enum hm_code server_start(struct server **server, struct mock *mock, struct listener *listeners,
                          size_t listener_count, const struct trust_chain *chain, int threads,
                          struct hm_error *err)
{
    enum hm_code code;

    *server = server_new(mock, chain, threads);
    if (*server == NULL)
        return no_memory(err);
    code = start(*server, listeners, listener_count, err);
    if (code != HM_OK) {
        server_stop(*server);
        *server = NULL;
    }
    return code;
}

void server_stop(struct server *server)
{
    if (server == NULL)
        return;
    atomic_store(&server->mock->is_stopping, true);
    viewers_stop(server->mock->viewers);
    for (int i = 0; i < STOP_GRACE_MS && atomic_load(&server->workers.requests) > 0; i++)
        monotonic_pause(1);
    if (server->context != NULL) {
        listening_sockets_shut(server->context);
        mg_stop(server->context);
    }
    workers_fini(&server->workers);
    free(server);
}

const char *server_library(void)
{
    return "civetweb " CIVETWEB_VERSION;
}
