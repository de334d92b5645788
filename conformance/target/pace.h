/* How fast requests are sent, and the signal that ends a run. */
#ifndef SUITE_TARGET_PACE_H
#define SUITE_TARGET_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pace {
    int64_t interval_ms; /* between two requests; 0: no wait */
    int64_t next_ms;     /* monotonic */
};

/* @rate requests a minute; 0: no limit. */
void pace_init(struct pace *pace, int64_t rate);

/* When the next @count requests may be sent (monotonic): the last one's time. Those after them come
 * later. */
int64_t pace_reserve(struct pace *pace, int64_t now_ms, size_t count);

/* Waits @wait_ms, or until a signal comes. */
void pace_sleep(int64_t wait_ms);

/* Notes SIGINT, SIGTERM and SIGHUP from now on. A second one ends the program at once, and so does
 * the first after 25 s, as when our output is not read. */
void stop_install(void);

/* After @seconds SIGALRM is noted, too. */
void stop_after(unsigned seconds);

/* The signal that came; 0: none. */
int stop_signal(void);

/* Lets waits and requests go on after a signal, for the end of a run; the exit code stays that of
 * the signal. False: none came. */
bool stop_set_aside(void);

/* Did one come? For http_request's is_cancelled; @context is not used. */
bool stop_is_wanted(const void *context);

/* The exit code of a verb that failed with @exit_code: that of the signal, if one came. */
int stop_exit_code(int exit_code);

#endif
