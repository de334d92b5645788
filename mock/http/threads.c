#include "http/threads.h"

#include "support/monotonic.h"
#include "support/platform.h"

/* A quarter is kept free for new clients. */
static int limit_of(int workers)
{
    return workers - workers / 4;
}

void threads_init(struct threads *threads, int most)
{
    *threads = (struct threads){ .most = most, .connection_limit = limit_of(most) };
    pthread_mutex_init(&threads->lock, NULL);
    platform_condition_init(&threads->changed);
}

void threads_fini(struct threads *threads)
{
    pthread_cond_destroy(&threads->changed);
    pthread_mutex_destroy(&threads->lock);
}

static void note(struct threads *threads, bool *what)
{
    pthread_mutex_lock(&threads->lock);
    *what = true;
    pthread_cond_signal(&threads->changed);
    pthread_mutex_unlock(&threads->lock);
}

void threads_accept(struct threads *threads)
{
    note(threads, &threads->is_accepting);
}

/* After a refusal: now that one could start, so may all. */
int threads_add(struct threads *threads)
{
    atomic_store(&threads->connection_limit, limit_of(threads->most));
    return atomic_fetch_add(&threads->workers, 1);
}

bool threads_refuse(struct threads *threads)
{
    note(threads, &threads->has_failed);
    atomic_store(&threads->connection_limit, limit_of(atomic_load(&threads->workers)));
    return !atomic_exchange(&threads->was_refused, true);
}

bool threads_wait(struct threads *threads)
{
    const int64_t end_ms = monotonic_ms() + THREADS_START_TIMEOUT_MS;
    bool is_done;

    pthread_mutex_lock(&threads->lock);
    while (!threads->is_accepting && !threads->has_failed) {
        if (!platform_condition_wait(&threads->changed, &threads->lock, end_ms))
            break;
    }
    is_done = threads->is_accepting && !threads->has_failed;
    pthread_mutex_unlock(&threads->lock);
    return is_done;
}
