#include "support/wall_clock.h"

#include <time.h>

int64_t wall_clock_ms(void)
{
    struct timespec now = { 0, 0 };

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t wall_clock_s(void)
{
    return wall_clock_ms() / 1000;
}
