/* What a foreign target's 429 asks of the suite [E4]: to wait and to begin the case again. A target
 * that limits far below the documented 500 a minute is told from one that is merely being kept busy
 * by counting what was sent to it. */
#ifndef SUITE_TARGET_BACKOFF_H
#define SUITE_TARGET_BACKOFF_H

#include "transport/http.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BACKOFF_LIMIT = 500,        /* requests in a minute [E4] */
    BACKOFF_SURELY_BELOW = 450, /* and so many are surely not too many */
    BACKOFF_WINDOW_MS = 60 * 1000,
    BACKOFF_WAIT_MS_MAX = 65 * 1000 /* for one case */
};

struct backoff {
    size_t sent;
    int64_t sent_ms[BACKOFF_LIMIT]; /* monotonic, a ring */
    int64_t first_ms;
    size_t times;      /* that it was waited */
    int64_t waited_ms; /* for the present case */
    bool is_breach;    /* limited, though it was sent far less than 500 in the last minute */
};

/* A request was sent. */
void backoff_sent(struct backoff *backoff, int64_t now_ms);

/* How long to wait after a 429, and counts it as waited; 0: no longer, it will not do. */
int64_t backoff_after(struct backoff *backoff, const struct http_answer *answer, int64_t now_ms);

/* Another case begins. */
void backoff_case(struct backoff *backoff);

#endif
