/* Inside of the server; for the files that know civetweb, server*.c, alone. */
#ifndef SERVER_PARTS_H
#define SERVER_PARTS_H

#include "crew.h"
#include "exchange_pool.h"
#include "listener.h"
#include <civetweb.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { LOG_LINE_BYTES = 320 };

struct trust_slot;

struct server {
    struct mock *mock;
    struct exchange_pool exchanges;
    struct trust_slot *shown; /* NULL: no TLS */
    const struct listener *listeners;
    size_t listener_count;
    struct mg_context *context;
    int threads;
    int connection_limit;    /* from so many connections on, answers say close */
    atomic_bool has_started; /* mg_start2() has returned */
    atomic_int connections;
    atomic_int under_way; /* requests */

    struct crew crew;
    char log_line[LOG_LINE_BYTES]; /* why the start failed; written by the starting thread alone */
};

/* Fills in those callbacks that serve: requests, connections and threads. */
void server_callbacks(struct mg_callbacks *callbacks);

#endif
