#include "journal/busiest.h"

#include <stdlib.h>

enum {
    TICK_US = 100 * 1000,
    MINUTE_TICKS = 60 * 10,
    TICKS_KEPT = 2048, /* over three minutes: one is complete while the next begins */
    COUNT_BITS = 24    /* of a cell; the bits above are its tick */
};

static const uint64_t count_mask = (UINT64_C(1) << COUNT_BITS) - 1;

struct minute {
    atomic_uint_least64_t cells[TICKS_KEPT];
    atomic_llong latest; /* the last tick that had a request */
    atomic_ullong most;
};

/* Requests in the minute that ends with this tick. */
static uint64_t count_until(struct minute *minute, int64_t tick)
{
    uint64_t sum = 0;

    for (int64_t at = tick < MINUTE_TICKS ? 0 : tick - MINUTE_TICKS + 1; at <= tick; at++) {
        uint64_t cell = atomic_load_explicit(&minute->cells[at % TICKS_KEPT], memory_order_relaxed);

        if (cell >> COUNT_BITS == (uint64_t)at)
            sum += cell & count_mask;
    }
    return sum;
}

static void note_most(struct minute *minute, int64_t tick)
{
    unsigned long long sum = count_until(minute, tick);
    unsigned long long most = atomic_load(&minute->most);

    while (sum > most && !atomic_compare_exchange_weak(&minute->most, &most, sum))
        ;
}

static struct minute *minute_of(struct busiest *busiest, size_t secret)
{
    struct minute *minute = atomic_load_explicit(&busiest->at[secret], memory_order_acquire);
    struct minute *made;

    if (minute != NULL)
        return minute;
    made = calloc(1, sizeof *made);
    if (made == NULL || atomic_compare_exchange_strong(&busiest->at[secret], &minute, made))
        return made;
    free(made); /* another thread was first */
    return minute;
}

/* Adds one to a tick; a count from an earlier round of the ring is overwritten. */
static void count(struct minute *minute, int64_t tick)
{
    atomic_uint_least64_t *place = &minute->cells[tick % TICKS_KEPT];
    uint64_t cell = atomic_load_explicit(place, memory_order_relaxed), next;

    do {
        next = cell >> COUNT_BITS == (uint64_t)tick ? cell + ((cell & count_mask) < count_mask)
                                                    : ((uint64_t)tick << COUNT_BITS) + 1;
    } while (!atomic_compare_exchange_weak_explicit(place, &cell, next, memory_order_relaxed,
                                                    memory_order_relaxed));
}

void busiest_add(struct busiest *busiest, size_t secret, int64_t us)
{
    struct minute *minute = secret < BUSIEST_SECRETS_MAX ? minute_of(busiest, secret) : NULL;
    int64_t tick = us / TICK_US;
    long long latest;

    if (minute == NULL)
        return;
    latest = atomic_load_explicit(&minute->latest, memory_order_relaxed);
    /* The first request of a tick sums up the minute that ended with the last one. */
    if (tick > latest && atomic_compare_exchange_strong(&minute->latest, &latest, tick))
        note_most(minute, latest);
    count(minute, tick);
}

struct busiest_minute busiest_find(struct busiest *busiest)
{
    struct busiest_minute found = { 0 };

    for (size_t i = 0; i < BUSIEST_SECRETS_MAX; i++) {
        struct minute *minute = atomic_load(&busiest->at[i]);

        if (minute == NULL)
            continue;
        note_most(minute, atomic_load(&minute->latest));
        if (atomic_load(&minute->most) > found.requests)
            found = (struct busiest_minute){ atomic_load(&minute->most), i };
    }
    return found;
}

void busiest_fini(struct busiest *busiest)
{
    for (size_t i = 0; i < BUSIEST_SECRETS_MAX; i++)
        free(atomic_exchange(&busiest->at[i], NULL));
}
