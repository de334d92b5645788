#include "play/traffic.h"
#include "support/monotonic.h"
#include <string.h>

void traffic_init(struct traffic *traffic, int64_t rate, size_t budget)
{
    memset(traffic, 0, sizeof *traffic);
    pthread_mutex_init(&traffic->lock, NULL);
    pthread_cond_init(&traffic->changed, NULL);
    pace_init(&traffic->pace, rate);
    traffic->budget = budget;
}

void traffic_fini(struct traffic *traffic)
{
    ledger_fini(&traffic->ledger);
    pthread_cond_destroy(&traffic->changed);
    pthread_mutex_destroy(&traffic->lock);
}

/* Nothing more is sent: closed, or a signal came. */
static bool is_over(const struct traffic *traffic)
{
    return stop_signal() != 0 || atomic_load(&traffic->is_closed);
}

bool traffic_is_cut(const void *context)
{
    const struct traffic *traffic = context;

    return stop_signal() != 0 || atomic_load(&traffic->is_cut);
}

void traffic_close(struct traffic *traffic, bool cuts)
{
    pthread_mutex_lock(&traffic->lock);
    atomic_store(&traffic->is_closed, true);
    if (cuts)
        atomic_store(&traffic->is_cut, true);
    pthread_cond_broadcast(&traffic->changed);
    pthread_mutex_unlock(&traffic->lock);
}

void traffic_reopen(struct traffic *traffic)
{
    atomic_store(&traffic->is_closed, false);
    atomic_store(&traffic->is_cut, false);
}

/* Waits until a moment of the monotonic clock, or until the traffic is over. */
static void wait_until(const struct traffic *traffic, int64_t then_ms)
{
    enum { SLICE_MS = 100 };
    int64_t left;

    while ((left = then_ms - monotonic_ms()) > 0 && !is_over(traffic))
        pace_sleep(left < SLICE_MS ? left : SLICE_MS);
}

void traffic_wait(const struct traffic *traffic, int64_t wait_ms)
{
    wait_until(traffic, monotonic_ms() + wait_ms);
}

/* Waits for the end of a 429's wait. True: there was one. */
static bool hold_wait(struct traffic *traffic)
{
    bool was_held = false;

    for (;;) {
        pthread_mutex_lock(&traffic->lock);
        int64_t until_ms = traffic->held_until_ms;
        pthread_mutex_unlock(&traffic->lock);
        if (monotonic_ms() >= until_ms || is_over(traffic))
            return was_held;
        was_held = true;
        wait_until(traffic, until_ms);
    }
}

/* Could the writes exceed the budget? While others are on their way that is unknown, so it
 * waits. A
 * wrong target may accept any POST. */
static bool writes_reserve(struct traffic *traffic, size_t writes)
{
    pthread_mutex_lock(&traffic->lock);
    while (traffic->on_their_way > 0 && !is_over(traffic) &&
           traffic->accepted + traffic->on_their_way + writes > traffic->budget)
        pthread_cond_wait(&traffic->changed, &traffic->lock);
    const bool fits =
        !traffic->is_ledger_full &&
        (writes == 0 || traffic->accepted + traffic->on_their_way + writes <= traffic->budget);
    if (fits)
        traffic->on_their_way += writes;
    pthread_mutex_unlock(&traffic->lock);
    return fits;
}

enum admission traffic_admit(struct traffic *traffic, size_t count, size_t writes)
{
    bool was_held = hold_wait(traffic);

    pthread_mutex_lock(&traffic->lock);
    int64_t then_ms = pace_reserve(&traffic->pace, monotonic_ms(), count);
    pthread_mutex_unlock(&traffic->lock);
    wait_until(traffic, then_ms);
    was_held = hold_wait(traffic) || was_held;
    if (is_over(traffic))
        return REFUSED_OVER;
    if (!writes_reserve(traffic, writes))
        return REFUSED_SPENT;
    return was_held ? ADMITTED_LATE : ADMITTED;
}

static bool is_post(const struct round_trip *trip)
{
    const char *method = step_text(trip->message.step, "method");

    return method != NULL && strcmp(method, "POST") == 0;
}

void traffic_note(struct traffic *traffic, const struct round_trip *trip, const char *what,
                  size_t step)
{
    pthread_mutex_lock(&traffic->lock);
    traffic->on_their_way -= is_post(trip);
    if (trip->was_tried) {
        traffic->sent++;
        backoff_sent(&traffic->backoff, monotonic_ms());
        traffic->accepted += round_trip_is_accepted(trip) && is_post(trip);
        if (traffic->stops_at_5xx && round_trip_is_5xx(trip))
            atomic_store(&traffic->is_closed, true);
        if (!ledger_note(&traffic->ledger, trip, what, step))
            traffic->is_ledger_full = true;
    }
    pthread_cond_broadcast(&traffic->changed);
    pthread_mutex_unlock(&traffic->lock);
}

void traffic_give_back(struct traffic *traffic, size_t writes)
{
    pthread_mutex_lock(&traffic->lock);
    traffic->on_their_way -= writes;
    pthread_cond_broadcast(&traffic->changed);
    pthread_mutex_unlock(&traffic->lock);
}

bool traffic_hold(struct traffic *traffic, const struct http_answer *answer, int64_t *waited_ms)
{
    pthread_mutex_lock(&traffic->lock);
    const int64_t now_ms = monotonic_ms();
    const int64_t wait_ms = backoff_after(&traffic->backoff, waited_ms, answer, now_ms);

    if (wait_ms > 0 && now_ms + wait_ms > traffic->held_until_ms)
        traffic->held_until_ms = now_ms + wait_ms;
    atomic_store(&traffic->is_limited, true);
    pthread_mutex_unlock(&traffic->lock);
    return wait_ms > 0 && !is_over(traffic);
}

bool traffic_is_breach(struct traffic *traffic)
{
    pthread_mutex_lock(&traffic->lock);
    const bool is_breach = traffic->backoff.is_breach;
    pthread_mutex_unlock(&traffic->lock);
    return is_breach;
}
