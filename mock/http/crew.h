/* The server's threads: workers start as they are needed, and the system may refuse more of them.
 * How many there are decides from when on connections are given up; see server.c. */
#ifndef MOCK_HTTP_CREW_H
#define MOCK_HTTP_CREW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { CREW_PATIENCE_S = 5 };

struct crew {
    int most; /* workers, as configured */
    atomic_int workers;
    atomic_int connection_limit; /* from so many on, an answer says close */
    atomic_bool has_complained;
    pthread_mutex_t lock; /* of the two below */
    pthread_cond_t changed;
    bool is_accepting;
    bool has_failed; /* a thread could not start before the server was complete */
};

void crew_init(struct crew *crew, int most);
void crew_fini(struct crew *crew);

/* Each from the thread itself: the accepting thread has started; a worker has, and this is its
 * number, from 0. */
void crew_accepts(struct crew *crew);
int crew_grows(struct crew *crew);

/* The system refused a thread: the server makes do with those there are. Returns whether it is the
 * first time. */
bool crew_is_refused(struct crew *crew);

/* Waits until the accepting thread has started: true. False: a thread was refused, or
 * CREW_PATIENCE_S have passed. */
bool crew_wait(struct crew *crew);

#endif
