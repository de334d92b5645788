/* How fast to go: on a live target so many requests a minute, evenly. */
#ifndef SUITE_TARGET_PACE_H
#define SUITE_TARGET_PACE_H

#include <stdint.h>

struct pace {
    int64_t interval_ms; /* between two requests; 0: no wait */
    int64_t next_ms;     /* monotonic */
};

/* @rate requests a minute; 0: as fast as they go. */
void pace_init(struct pace *pace, int64_t rate);

/* Waits until the next request may be sent, or a signal comes. */
void pace_wait(struct pace *pace);

/* Waits so long, or until a signal comes. */
void pace_sleep(int64_t wait_ms);

/* Milliseconds since some moment. */
int64_t monotonic_ms(void);

#endif
