/* Monotonic time, for durations and time limits. */
#ifndef SUPPORT_MONOTONIC_H
#define SUPPORT_MONOTONIC_H

#include <stdint.h>

/* Since an unspecified start. */
int64_t monotonic_ms(void);
int64_t monotonic_us(void);

/* Waits @ms, or until a signal comes. */
void monotonic_pause(int64_t ms);

/* Returns when monotonic_ms() is at least @end_ms, whatever signals come. */
void monotonic_sleep_until(int64_t end_ms);

#endif
