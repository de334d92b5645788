#include "crew.h"

#include "clock.h"
#include <errno.h>

void crew_init(struct crew *crew, int workers_wanted)
{
    pthread_condattr_t monotonic;

    *crew = (struct crew){ .workers_wanted = workers_wanted };
    pthread_mutex_init(&crew->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&crew->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void crew_fini(struct crew *crew)
{
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->lock);
}

void crew_tell(struct crew *crew, enum crew_report report)
{
    pthread_mutex_lock(&crew->lock);
    switch (report) {
    case CREW_MASTER_STARTED:
        crew->master_started = true;
        break;
    case CREW_WORKER_STARTED:
        crew->workers_started++;
        break;
    case CREW_FAILED:
        crew->has_failed = true;
        break;
    }
    pthread_cond_signal(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

static bool is_complete(const struct crew *crew)
{
    return crew->master_started && crew->workers_started == crew->workers_wanted;
}

bool crew_wait(struct crew *crew, int *workers_started)
{
    struct timespec until = clock_monotonic_in(CREW_PATIENCE_S);
    bool is_done;

    pthread_mutex_lock(&crew->lock);
    while (!is_complete(crew) && !crew->has_failed) {
        if (pthread_cond_timedwait(&crew->changed, &crew->lock, &until) == ETIMEDOUT)
            break;
    }
    is_done = is_complete(crew) && !crew->has_failed;
    *workers_started = crew->workers_started;
    pthread_mutex_unlock(&crew->lock);
    return is_done;
}
