/* How many worker threads there are. They start when they are needed, and the system may refuse
 * more; from that follows how many connections are kept open between requests. */
#ifndef MOCK_HTTP_THREADS_H
#define MOCK_HTTP_THREADS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { THREADS_START_TIMEOUT_MS = 5000 };

struct threads {
    int most; /* workers, as configured */
    atomic_int workers;
    atomic_int connection_limit; /* from this number on, answers close their connection */
    atomic_bool was_refused;
    pthread_mutex_t lock; /* of those below */
    pthread_cond_t changed;
    bool is_accepting;
    bool has_failed; /* a thread could not start before the server was complete */
};

void threads_init(struct threads *threads, int most);
void threads_fini(struct threads *threads);

/* From the accepting thread: it has started. */
void threads_accept(struct threads *threads);

/* From a worker: it has started. Returns its number, from 0. */
int threads_add(struct threads *threads);

/* The system refused a thread: the server goes on with those it has. True: for the first time. */
bool threads_refuse(struct threads *threads);

/* Waits until the accepting thread has started: true. False: a thread was refused, or
 * THREADS_START_TIMEOUT_MS have passed. */
bool threads_wait(struct threads *threads);

#endif
