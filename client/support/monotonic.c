#include "support/monotonic.h"

enum { MS_IN_S = 1000, NS_IN_MS = 1000000, NS_IN_S = 1000000000 };

struct timespec monotonic_in_ms(int64_t ms)
{
    struct timespec time = { 0, 0 };

    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += ms / MS_IN_S;
    time.tv_nsec += ms % MS_IN_S * NS_IN_MS;
    if (time.tv_nsec >= NS_IN_S) {
        time.tv_sec++;
        time.tv_nsec -= NS_IN_S;
    }
    return time;
}

int64_t monotonic_us(void)
{
    struct timespec now = monotonic_in_ms(0);

    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}
