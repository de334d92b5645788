#include "target/pace.h"
#include "play/stop.h"
#include <time.h>

enum { MS_IN_MINUTE = 60000, MS_IN_S = 1000, NS_IN_MS = 1000000 };

int64_t monotonic_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MS_IN_S + now.tv_nsec / NS_IN_MS;
}

void pace_init(struct pace *pace, int64_t rate)
{
    pace->interval_ms = rate > 0 ? MS_IN_MINUTE / rate : 0;
    pace->next_ms = 0;
}

void pace_sleep(int64_t wait_ms)
{
    const int64_t end = monotonic_ms() + wait_ms;
    int64_t left;

    while ((left = end - monotonic_ms()) > 0 && stop_signal() == 0) {
        const struct timespec wait = { .tv_sec = (time_t)(left / MS_IN_S),
                                       .tv_nsec = (long)(left % MS_IN_S) * NS_IN_MS };

        (void)nanosleep(&wait, NULL);
    }
}

void pace_wait(struct pace *pace)
{
    const int64_t now = monotonic_ms();

    if (pace->interval_ms > 0 && now < pace->next_ms)
        pace_sleep(pace->next_ms - now);
    pace->next_ms = monotonic_ms() + pace->interval_ms;
}
