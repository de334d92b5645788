#include "operation/limit.h"

#include "support/no_memory.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { US_PER_S = 1000000, WINDOW_US = LIMIT_WINDOW_S * US_PER_S };

static const int64_t long_past_us = INT64_MIN / 2;

/* The times of the last admitted requests: a ring, allocated at the first one. */
struct window {
    pthread_mutex_t lock;
    int64_t *times_us; /* ascending from @next on, around the end */
    size_t next;
    int64_t last_us;
};

struct limit {
    atomic_uint holders;
    size_t requests;
    size_t keys;
    struct database_counts shared;
    struct window windows[];
};

enum hm_code limit_new(struct limit **limit, size_t keys, int64_t requests, struct hm_error *err)
{
    *limit = calloc(1, sizeof **limit + keys * sizeof(struct window));
    if (*limit == NULL)
        return no_memory(err);
    atomic_init(&(*limit)->holders, 1);
    (*limit)->requests = (size_t)requests;
    (*limit)->keys = keys;
    for (size_t i = 0; i < keys; i++)
        pthread_mutex_init(&(*limit)->windows[i].lock, NULL);
    return HM_OK;
}

enum hm_code limit_fresh(struct limit **fresh, const struct limit *limit, struct hm_error *err)
{
    *fresh = NULL;
    return limit == NULL ? HM_OK : limit_new(fresh, limit->keys, (int64_t)limit->requests, err);
}

struct limit *limit_hold(struct limit *limit)
{
    if (limit != NULL)
        atomic_fetch_add_explicit(&limit->holders, 1, memory_order_relaxed);
    return limit;
}

void limit_free(struct limit *limit)
{
    if (limit == NULL || atomic_fetch_sub_explicit(&limit->holders, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < limit->keys; i++) {
        pthread_mutex_destroy(&limit->windows[i].lock);
        free(limit->windows[i].times_us);
    }
    free(limit);
}

/* A ring whose times are all long past. */
static bool window_begin(struct window *window, size_t requests)
{
    if (window->times_us != NULL)
        return true;
    window->times_us = malloc(requests * sizeof *window->times_us);
    for (size_t i = 0; window->times_us != NULL && i < requests; i++)
        window->times_us[i] = long_past_us;
    window->last_us = long_past_us;
    return window->times_us != NULL;
}

/* The clock was set back: all times move back with it. Otherwise a secret would be shut out until
 * the clock has caught up. */
static void window_shift(struct window *window, size_t requests, int64_t now_us)
{
    for (size_t i = 0; i < requests; i++) {
        int64_t age_us = window->last_us - window->times_us[i];

        window->times_us[i] = age_us < WINDOW_US ? now_us - age_us : long_past_us;
    }
    window->last_us = now_us;
}

static int64_t admit_locked(struct window *window, size_t requests, int64_t now_us)
{
    int64_t free_at_us;

    if (!window_begin(window, requests))
        return 0; /* without memory the limit is off */
    /* Another thread may have read the clock earlier and taken the lock later: not set back. */
    if (now_us < window->last_us - US_PER_S)
        window_shift(window, requests, now_us);
    else if (now_us < window->last_us)
        now_us = window->last_us;
    free_at_us = window->times_us[window->next] + WINDOW_US;
    if (now_us < free_at_us)
        return (free_at_us - now_us + US_PER_S - 1) / US_PER_S;
    window->times_us[window->next] = now_us;
    window->next = (window->next + 1) % requests;
    window->last_us = now_us;
    return 0;
}

int64_t limit_admit(struct limit *limit, size_t key, int64_t now_us)
{
    struct window *window = &limit->windows[key];
    int64_t wait_s;

    pthread_mutex_lock(&window->lock);
    wait_s = admit_locked(window, limit->requests, now_us);
    pthread_mutex_unlock(&window->lock);
    return wait_s;
}

size_t limit_requests(const struct limit *limit)
{
    return limit->requests;
}

struct database_counts *limit_shared(struct limit *limit)
{
    return &limit->shared;
}

enum hm_code limit_ask(struct limit *limit, size_t key, int64_t now_us, int64_t *wait_s)
{
    const struct database_counts *shared = &limit->shared;

    if (shared->database != NULL && shared->database->kind->limit_admit != NULL)
        return database_code(shared->database->kind->limit_admit(shared->database, shared->world,
                                                                 shared->generation, key, now_us,
                                                                 (int64_t)limit->requests, wait_s));
    *wait_s = limit_admit(limit, key, now_us);
    return HM_OK;
}
