#include "http/crew.h"

#include "store/clock.h"
#include "support/monotonic.h"
#include <errno.h>

/* A quarter is kept free for those who come. */
static int limit_of(int workers)
{
    return workers - workers / 4;
}

void crew_init(struct crew *crew, int most)
{
    pthread_condattr_t monotonic;

    *crew = (struct crew){ .most = most, .connection_limit = limit_of(most) };
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

static void note(struct crew *crew, bool *what)
{
    pthread_mutex_lock(&crew->lock);
    *what = true;
    pthread_cond_signal(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

void crew_accepts(struct crew *crew)
{
    note(crew, &crew->is_accepting);
}

/* One that was refused before may start now: then all may. */
int crew_grows(struct crew *crew)
{
    atomic_store(&crew->connection_limit, limit_of(crew->most));
    return atomic_fetch_add(&crew->workers, 1);
}

bool crew_is_refused(struct crew *crew)
{
    note(crew, &crew->has_failed);
    atomic_store(&crew->connection_limit, limit_of(atomic_load(&crew->workers)));
    return !atomic_exchange(&crew->has_complained, true);
}

bool crew_wait(struct crew *crew)
{
    struct timespec until = monotonic_in_s(CREW_PATIENCE_S);
    bool is_done;

    pthread_mutex_lock(&crew->lock);
    while (!crew->is_accepting && !crew->has_failed) {
        if (pthread_cond_timedwait(&crew->changed, &crew->lock, &until) == ETIMEDOUT)
            break;
    }
    is_done = crew->is_accepting && !crew->has_failed;
    pthread_mutex_unlock(&crew->lock);
    return is_done;
}
