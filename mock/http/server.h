/* The HTTP server: civetweb with its options, its listeners and the worker threads. */
#ifndef MOCK_HTTP_SERVER_H
#define MOCK_HTTP_SERVER_H

#include "exchange/mock.h"
#include "http/listener.h"
#include <heymarket/error.h>
#include <stddef.h>

enum {
    SERVER_THREADS_MOST = 4096,
    CONNECTION_QUEUE = 256,       /* connections that wait for a thread; more wait in the kernel */
    KEEP_ALIVE_TIMEOUT_MS = 5000, /* an idle client keeps its thread that long */
    REQUEST_TIMEOUT_MS = 10000,   /* for a head, and for each read of a body */
    STOP_GRACE_MS = 700           /* for answers under way */
};

struct server;
struct trust_chain;

/* Listens, starts the threads and serves; fills in each listener's port. Block all signals before,
 * so that no thread of the server gets one. @chain is for the TLS listeners, NULL: there are none;
 * borrowed until server_stop().
 * returns HM_OK; HM_BAD_INPUT (cannot listen, or too few threads: the text says why);
 *         HM_NO_MEMORY */
HM_MUST_USE enum hm_code server_start(struct server **server, struct mock *mock,
                                      struct listener *listeners, size_t listener_count,
                                      const struct trust_chain *chain, int threads,
                                      struct hm_error *err);

/* Finishes the answers under way, for at most STOP_GRACE_MS, and stops. NULL is fine. */
void server_stop(struct server *server);

/* "civetweb 1.16". */
const char *server_library(void);

#endif
