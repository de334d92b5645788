/* Threads that begin together: pthread_barrier_t, which macOS does not have. For one use. */
#ifndef TESTS_BARRIER_H
#define TESTS_BARRIER_H

#include <pthread.h>

struct barrier {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int missing;
};

void barrier_init(struct barrier *barrier, int threads);

/* Returns when all threads have called it. */
void barrier_wait(struct barrier *barrier);
void barrier_fini(struct barrier *barrier);

#endif
