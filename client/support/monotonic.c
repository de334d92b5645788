#include "support/monotonic.h"

#include <time.h>

enum { MS_IN_S = 1000, US_IN_S = 1000000, NS_IN_US = 1000, NS_IN_MS = 1000000 };

int64_t monotonic_us(void)
{
    struct timespec now = { 0, 0 };

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * US_IN_S + now.tv_nsec / NS_IN_US;
}

int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}

void monotonic_pause(int64_t ms)
{
    const struct timespec wait = { .tv_sec = (time_t)(ms / MS_IN_S),
                                   .tv_nsec = (long)(ms % MS_IN_S) * NS_IN_MS };

    nanosleep(&wait, NULL);
}

void monotonic_sleep_until(int64_t end_ms)
{
    int64_t left_ms;

    while ((left_ms = end_ms - monotonic_ms()) > 0)
        monotonic_pause(left_ms);
}
