/* How fast requests are sent, and the signal that ends a run. */
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

/* From here on SIGINT, SIGTERM and SIGHUP are taken note of; a second one ends the program at once.
 */
void stop_install(void);

/* The signal that came; 0: none did. */
int stop_signal(void);

#endif
