/* The bare handler that ci/bench measures the mock against: civetweb with the mock's own options
 * and number of threads, which answers the same bytes from begin_request and does nothing else.
 *
 *     bare HOST:PORT[s] THREADS ANSWER_FILE [PEM_FILE]
 *
 * ANSWER_FILE has a complete answer, head and body; "s" after the port is HTTPS with PEM_FILE.
 * Prints the port; serves until SIGTERM. */
#include "http/server.h"
#include "support/framing.h"

#include <civetweb.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES_MAX = 16 * 1024 * 1024 };

static char *answer;
static size_t answer_length;

static int on_request(struct mg_connection *conn)
{
    mg_write(conn, answer, answer_length);
    return 200;
}

/* The whole file into `answer`. */
static bool answer_read(const char *name)
{
    FILE *file = fopen(name, "rb");

    answer = malloc(ANSWER_BYTES_MAX);
    if (file != NULL && answer != NULL)
        answer_length = fread(answer, 1, ANSWER_BYTES_MAX, file);
    if (file != NULL)
        (void)fclose(file);
    return answer_length > 0;
}

static struct mg_context *start(const char *address, const char *threads, const char *pem)
{
    static const struct mg_callbacks callbacks = { .begin_request = on_request };
    char keep_alive[16], timeout[16], head[16];
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
                              "listen_backlog",
                              "4096",
                              "connection_queue",
                              "256",
                              "decode_url",
                              "no",
                              "enable_auth_domain_check",
                              "no",
                              "access_control_allow_methods",
                              "",
                              "max_request_size",
                              head,
                              pem == NULL ? NULL : "ssl_certificate",
                              pem,
                              NULL };
    struct mg_init_data init = { &callbacks, NULL, options };

    snprintf(keep_alive, sizeof keep_alive, "%d", KEEP_ALIVE_TIMEOUT_MS);
    snprintf(timeout, sizeof timeout, "%d", REQUEST_TIMEOUT_MS);
    snprintf(head, sizeof head, "%d", HEAD_BUFFER_BYTES);
    mg_init_library(pem == NULL ? MG_FEATURES_DEFAULT : MG_FEATURES_TLS);
    return mg_start2(&init, NULL);
}

int main(int argc, char **argv)
{
    struct mg_context *context;
    struct mg_server_port port;
    sigset_t signals;
    int got;

    if (argc < 4 || argc > 5) {
        fprintf(stderr, "usage: bare HOST:PORT[s] THREADS ANSWER_FILE [PEM_FILE]\n");
        return 2;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (!answer_read(argv[3])) {
        fprintf(stderr, "bare: cannot read %s\n", argv[3]);
        return 2;
    }
    context = start(argv[1], argv[2], argc > 4 ? argv[4] : NULL);
    if (context == NULL || mg_get_server_ports(context, 1, &port) != 1) {
        fprintf(stderr, "bare: cannot listen on %s\n", argv[1]);
        return 1;
    }
    printf("%d\n", port.port);
    (void)fflush(stdout);
    sigwait(&signals, &got);
    mg_stop(context);
    free(answer);
    return 0;
}
