#include "play/pool.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* Answers that are not judged yet: with more than this, only the case that is waited for is
 * begun. */
enum { HELD_BYTES_MAX = 16 * 1024 * 1024 };

enum { MOMENT_MS = 50, GROWTH = 64 };

struct worker {
    pthread_t thread;
    struct pool *pool;
    struct player player;
};

struct pool {
    struct pool_options options;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t count; /* cases that were given */
    size_t begun;
    size_t done;
    size_t capacity;
    struct played **at;
    const struct played *wanted; /* is waited for */
    size_t held_bytes;
    bool is_draining; /* all cases are waited for */
    bool is_ending;
    size_t worker_count;
    struct worker workers[];
};

/* May the next case begin? After a 429 they are played one by one. */
static bool may_begin(const struct pool *pool)
{
    const size_t most = atomic_load(&pool->options.traffic->is_limited) ? 1 : pool->options.jobs;

    return pool->begun < pool->count && pool->begun - pool->done < most &&
           (pool->held_bytes <= HELD_BYTES_MAX || pool->is_draining ||
            pool->at[pool->begun] == pool->wanted);
}

/* The next case; NULL: the pool ends. */
static struct played *next_case(struct pool *pool)
{
    struct played *played = NULL;

    pthread_mutex_lock(&pool->lock);
    while (!pool->is_ending && !may_begin(pool))
        pthread_cond_wait(&pool->changed, &pool->lock);
    if (!pool->is_ending)
        played = pool->at[pool->begun++];
    pthread_mutex_unlock(&pool->lock);
    return played;
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct pool *pool = worker->pool;
    struct played *played;

    while ((played = next_case(pool)) != NULL) {
        played_send(played, &worker->player, pool->options.marks);
        pthread_mutex_lock(&pool->lock);
        played->is_done = true;
        pool->done++;
        pool->held_bytes += played_bytes(played);
        pthread_cond_broadcast(&pool->changed);
        pthread_mutex_unlock(&pool->lock);
    }
    return NULL;
}

/* A worker gets no signals: the main thread notices them, and a crash must not return into
 * cmocka's test. */
static enum hm_code workers_start(struct pool *pool, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    sigset_t all;
    sigset_t before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool->worker_count < pool->options.jobs) {
        struct worker *worker = &pool->workers[pool->worker_count];

        worker->pool = pool;
        worker->player = (struct player){ .traffic = pool->options.traffic,
                                          .tls = pool->options.tls,
                                          .no_secrets = pool->options.no_secrets };
        TRY(http_session_new(&worker->player.session, pool->options.tls, err));
        if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
            http_session_free(worker->player.session);
            TRY(hm_error_set(err, HM_INTERNAL, "cannot start %zu threads; give fewer --jobs",
                             pool->options.jobs));
        }
        pool->worker_count++;
    }
out:
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

enum hm_code pool_new(struct pool **out, const struct pool_options *options, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct pool *pool = calloc(1, sizeof *pool + options->jobs * sizeof pool->workers[0]);

    *out = NULL;
    if (pool == NULL)
        return no_memory(err);
    pool->options = *options;
    pthread_mutex_init(&pool->lock, NULL);
    platform_condition_init(&pool->changed);
    code = workers_start(pool, err);
    if (code == HM_OK)
        *out = pool;
    else
        pool_free(pool);
    return code;
}

bool pool_add(struct pool *pool, struct played *played)
{
    struct played **grown = pool->at;

    pthread_mutex_lock(&pool->lock);
    if (pool->count == pool->capacity) {
        grown = realloc(pool->at, (pool->capacity + GROWTH) * sizeof *grown);
        if (grown != NULL) {
            pool->at = grown;
            pool->capacity += GROWTH;
        }
    }
    if (grown != NULL) {
        pool->at[pool->count++] = played;
        pthread_cond_broadcast(&pool->changed);
    }
    pthread_mutex_unlock(&pool->lock);
    return grown != NULL;
}

static void wait_a_moment(struct pool *pool)
{
    platform_condition_wait(&pool->changed, &pool->lock, monotonic_ms() + MOMENT_MS);
}

bool pool_wait(struct pool *pool, const struct played *played)
{
    pthread_mutex_lock(&pool->lock);
    if (pool->wanted != played && !played->is_done) {
        pool->wanted = played;
        pthread_cond_broadcast(&pool->changed);
    }
    if (!played->is_done)
        wait_a_moment(pool);
    const bool is_done = played->is_done;
    if (is_done) {
        pool->held_bytes -= played_bytes(played);
        pthread_cond_broadcast(&pool->changed);
    }
    pthread_mutex_unlock(&pool->lock);
    return is_done;
}

bool pool_wait_all(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    if (pool->done < pool->count) {
        pool->is_draining = true;
        pthread_cond_broadcast(&pool->changed);
        wait_a_moment(pool);
    }
    const bool is_done = pool->done == pool->count;
    pool->is_draining = !is_done;
    pthread_mutex_unlock(&pool->lock);
    return is_done;
}

void pool_free(struct pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->is_ending = true;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->worker_count; i++) {
        pthread_join(pool->workers[i].thread, NULL);
        http_session_free(pool->workers[i].player.session);
        player_fini(&pool->workers[i].player);
    }
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->lock);
    free(pool->at);
    free(pool);
}
