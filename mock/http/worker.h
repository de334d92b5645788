/* Worker threads: each has an exchange, and serves one connection after the other. Of all files,
 * worker.c and server.c alone know civetweb. */
#ifndef MOCK_HTTP_WORKER_H
#define MOCK_HTTP_WORKER_H

#include "exchange/mock.h"
#include "http/threads.h"
#include <heymarket/error.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { ANSWER_DEADLINE_MS = 30000 }; /* for the client to take all of an answer */

struct mg_callbacks;
struct worker;

struct workers {
    struct mock *mock;
    struct worker *at; /* as many as may start; the memory of one is touched when it starts */
    struct threads threads;
    atomic_int connections;
    atomic_int requests; /* under way */
};

/* Room for @most threads, and for @spare ones that viewers over TLS may hold. False: out of memory.
 */
HM_MUST_USE bool workers_init(struct workers *workers, struct mock *mock, int most, int spare);

/* Once all threads have ended. */
void workers_fini(struct workers *workers);

/* From a new thread: what civetweb keeps as its pointer. */
struct worker *worker_start(struct workers *workers);

/* Fills in those callbacks that serve connections and requests. */
void worker_callbacks(struct mg_callbacks *callbacks);

#endif
