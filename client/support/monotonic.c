#include "support/monotonic.h"

struct timespec monotonic_in_s(int seconds)
{
    struct timespec time = { 0, 0 };

    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += seconds;
    return time;
}

int64_t monotonic_us(void)
{
    struct timespec now = monotonic_in_s(0);

    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}
