/* Which of a server's threads have started: civetweb says yes before they have, and even when the
 * system refused some. */
#ifndef CREW_H
#define CREW_H

#include <pthread.h>
#include <stdbool.h>

enum { CREW_PATIENCE_S = 5 };

enum crew_report { CREW_MASTER_STARTED, CREW_WORKER_STARTED, CREW_FAILED };

struct crew {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int workers_wanted;
    int workers_started;
    bool master_started;
    bool has_failed; /* a thread could not start */
};

void crew_init(struct crew *crew, int workers_wanted);
void crew_fini(struct crew *crew);

/* From any thread. */
void crew_tell(struct crew *crew, enum crew_report report);

/* Waits until all have started (true), one has failed, or CREW_PATIENCE_S have passed. */
bool crew_wait(struct crew *crew, int *workers_started);

#endif
