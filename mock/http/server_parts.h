/* Inside of the server; for the files that know civetweb, server*.c, alone. */
#ifndef MOCK_HTTP_SERVER_PARTS_H
#define MOCK_HTTP_SERVER_PARTS_H

#include "contract/token_memory.h"
#include "http/crew.h"
#include "http/exchange_pool.h"
#include "http/listener.h"
#include <civetweb.h>
#include <stdatomic.h>
#include <stdbool.h>

enum {
    LOG_LINE_BYTES = 320,
    TARGET_BYTES_MAX = 8192 /* of one that civetweb refused; the rest of it is cut */
};

struct trust_slot;

struct server;

/* One thread of the server, and the connection that it serves at the moment. */
struct worker {
    struct server *server;
    struct exchange *exchange; /* while a request is under way */
    struct token_memory token_memory;
    bool is_connected;
    bool has_served; /* a request of this connection */
    char target[TARGET_BYTES_MAX];
};

struct server {
    struct mock *mock;
    struct exchange_pool exchanges;
    struct worker *workers;   /* of all threads there may be; memory comes when one starts */
    struct trust_slot *shown; /* NULL: no TLS */
    const struct listener *listeners;
    size_t listener_count;
    struct mg_context *context;
    int threads;
    atomic_bool has_started; /* mg_start2() has returned */
    atomic_int connections;
    atomic_int under_way; /* requests */

    struct crew crew;
    char log_line[LOG_LINE_BYTES]; /* why the start failed; written by the starting thread alone */
};

/* Fills in those callbacks that serve: requests, connections and threads. */
void server_callbacks(struct mg_callbacks *callbacks);

#endif
