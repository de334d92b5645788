/* Monotonic time, for durations and time limits. */
#ifndef SUPPORT_MONOTONIC_H
#define SUPPORT_MONOTONIC_H

#include <stdint.h>
#include <time.h>

/* Since an unspecified start. */
int64_t monotonic_ms(void);
int64_t monotonic_us(void);

/* For pthread_cond_timedwait() with a condition on CLOCK_MONOTONIC. */
struct timespec monotonic_in_ms(int64_t ms);

#endif
