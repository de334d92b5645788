#include "limit.h"

#include "respond.h"
#include "store.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { US_PER_S = 1000000 };

/* The times of the last so many admitted requests: a ring, made at the first one. */
struct window {
    int64_t *times_us;
    size_t next;
};

struct limit {
    atomic_uint holders;
    pthread_mutex_t lock;
    size_t requests;
    size_t keys;
    struct window windows[];
};

enum hm_code limit_new(struct limit **limit, size_t keys, int64_t requests, struct hm_error *err)
{
    *limit = calloc(1, sizeof **limit + keys * sizeof(struct window));
    if (*limit == NULL)
        return hm_error_set(err, HM_NO_MEMORY, "out of memory");
    atomic_init(&(*limit)->holders, 1);
    pthread_mutex_init(&(*limit)->lock, NULL);
    (*limit)->requests = (size_t)requests;
    (*limit)->keys = keys;
    return HM_OK;
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
    for (size_t i = 0; i < limit->keys; i++)
        free(limit->windows[i].times_us);
    pthread_mutex_destroy(&limit->lock);
    free(limit);
}

/* A ring whose times are all long past. */
static int64_t *ring_new(size_t requests)
{
    int64_t *times_us = malloc(requests * sizeof *times_us);

    for (size_t i = 0; times_us != NULL && i < requests; i++)
        times_us[i] = INT64_MIN / 2;
    return times_us;
}

static int64_t admit_locked(struct limit *limit, struct window *window, int64_t now_us)
{
    int64_t free_at_us;

    if (window->times_us == NULL)
        window->times_us = ring_new(limit->requests);
    if (window->times_us == NULL)
        return 0; /* better too lax than down */
    free_at_us = window->times_us[window->next] + (int64_t)LIMIT_WINDOW_S * US_PER_S;
    if (now_us < free_at_us)
        return (free_at_us - now_us + US_PER_S - 1) / US_PER_S;
    window->times_us[window->next] = now_us;
    window->next = (window->next + 1) % limit->requests;
    return 0;
}

int64_t limit_admit(struct limit *limit, size_t key, int64_t now_us)
{
    int64_t wait_s;

    pthread_mutex_lock(&limit->lock);
    wait_s = admit_locked(limit, &limit->windows[key], now_us);
    pthread_mutex_unlock(&limit->lock);
    return wait_s;
}

enum step_result limit_check(struct exchange *x)
{
    struct limit *limit = x->state->limit;
    size_t key;

    if (limit == NULL)
        return STEP_NEXT;
    key = (size_t)x->verdict.secret +
          (x->verdict.is_legacy ? store_secret_count(x->state->store) : 0);
    x->retry_after_s = limit_admit(limit, key, clock_now_us(&x->state->clock));
    if (x->retry_after_s == 0)
        return STEP_NEXT;
    hm_findings_add(&x->findings, HM_E4_RATE_LIMITED,
                    "more than %zu requests within %d seconds, the next is welcome in %" PRId64
                    " s",
                    limit->requests, LIMIT_WINDOW_S, x->retry_after_s);
    respond_error(x, 429);
    return STEP_ANSWERED;
}
