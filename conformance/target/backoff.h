/* [E4] How the suite obeys a foreign target's 429: it waits and sends the case again. Counting
 * what was sent tells a target that limits far below the documented 500 a minute from one that
 * is busy. */
#ifndef SUITE_TARGET_BACKOFF_H
#define SUITE_TARGET_BACKOFF_H

#include "contract/channel_rules.h"
#include "transport/http.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BACKOFF_SURELY_BELOW = 450, /* this many are certainly allowed */
    BACKOFF_WINDOW_MS = 60 * 1000,
    BACKOFF_WAIT_MS_MAX = 65 * 1000 /* for one case */
};

struct backoff {
    size_t sent;
    int64_t sent_ms[E4_REQUESTS_A_MINUTE]; /* monotonic; a ring */
    int64_t first_ms;
    bool is_breach; /* limited far below 500 requests in the last minute */
};

/* A request was sent. */
void backoff_sent(struct backoff *backoff, int64_t now_ms);

/* Milliseconds to wait after a 429; 0: waiting does not help.
 *
 * waited_ms  how long the case has waited; the wait is added */
int64_t backoff_after(struct backoff *backoff, int64_t *waited_ms, const struct http_answer *answer,
                      int64_t now_ms);

#endif
