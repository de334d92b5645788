#include "journal/busiest.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { TICK_US = 100 * 1000, MINUTE_TICKS = 60 * 10 };

struct minute {
    unsigned ticks[MINUTE_TICKS]; /* requests in each of the last ticks */
    int64_t latest;
    uint64_t sum, most;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Forgets what is over a minute older than @tick. */
static void advance(struct minute *minute, int64_t tick)
{
    if (tick - minute->latest >= MINUTE_TICKS) {
        memset(minute->ticks, 0, sizeof minute->ticks);
        minute->sum = 0;
        minute->latest = tick;
    }
    while (minute->latest < tick) {
        unsigned *oldest = &minute->ticks[++minute->latest % MINUTE_TICKS];

        minute->sum -= *oldest;
        *oldest = 0;
    }
}

void busiest_add(struct busiest *busiest, size_t secret, int64_t us)
{
    int64_t tick = us / TICK_US;
    struct minute *minute;

    if (secret >= BUSIEST_SECRETS_MAX)
        return;
    pthread_mutex_lock(&lock);
    if (busiest->at[secret] == NULL)
        busiest->at[secret] = calloc(1, sizeof *minute);
    minute = busiest->at[secret];
    if (minute != NULL)
        advance(minute, tick);
    if (minute != NULL && minute->latest - tick < MINUTE_TICKS) {
        minute->ticks[tick % MINUTE_TICKS]++;
        if (++minute->sum > minute->most)
            minute->most = minute->sum;
    }
    pthread_mutex_unlock(&lock);
}

struct busiest_minute busiest_find(const struct busiest *busiest)
{
    struct busiest_minute found = { 0 };

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < BUSIEST_SECRETS_MAX; i++) {
        if (busiest->at[i] != NULL && busiest->at[i]->most > found.requests)
            found = (struct busiest_minute){ busiest->at[i]->most, i };
    }
    pthread_mutex_unlock(&lock);
    return found;
}

void busiest_fini(struct busiest *busiest)
{
    for (size_t i = 0; i < BUSIEST_SECRETS_MAX; i++)
        free(busiest->at[i]);
    *busiest = (struct busiest){ 0 };
}
