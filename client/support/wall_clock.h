/* The time of day. With clock.c, which is what requests see of it, the one place that reads it;
 * ci/lint sees to it. */
#ifndef SUPPORT_WALL_CLOCK_H
#define SUPPORT_WALL_CLOCK_H

#include <stdint.h>

/* Unix time, rounded down to whole seconds; to milliseconds. */
int64_t wall_clock_s(void);
int64_t wall_clock_ms(void);

#endif
