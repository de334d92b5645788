/* What may be sent again, and when [E4 E5 E7]. Pure functions: no clock, no network, no chance of
 * their own. */
#ifndef TRANSPORT_RETRY_H
#define TRANSPORT_RETRY_H

#include "transport/http.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The back-off's growth: the n-th wait is up to first_ms * 2^(n-1), but no more than most_ms. */
struct retry_pace {
    int64_t first_ms;
    int64_t most_ms;
};
#define RETRY_PACE_DEFAULT                                                                         \
    {                                                                                              \
        500, 30000                                                                                 \
    }

enum { RETRY_NO_LOWER_BOUND = -1 };

/* What came of an attempt. */
struct retry_attempt {
    int number; /* from 1 */
    enum http_outcome outcome;
    bool is_untrusted;      /* the server's certificate is not believed */
    int status;             /* of an answer */
    bool was_token_kept;    /* it had been signed before this attempt */
    bool was_signed_anew;   /* for an earlier attempt of the same call, after a 401 */
    int64_t retry_after_ms; /* of the answer, or RETRY_NO_LOWER_BOUND */
    int64_t time_left_ms;   /* of the whole call */
    uint64_t chance;        /* uniformly distributed */
};

struct retry_decision {
    bool is_again;
    bool is_signed_anew; /* with another token */
    int64_t wait_ms;     /* before it */
    const char *reason;  /* static: "not sent", "429", "401 to a kept token"; "" */
};

/* Decides what follows an attempt. Sent again: what was not sent, and a 429, both after a random
 * part of the back-off, or after Retry-After where that is longer; one 401 to a kept token, at
 * once. Not: anything else, what was not sent because the certificate is not believed, the attempt
 * after HM_ATTEMPTS_MAX, and whatever would begin after the time is up. */
struct retry_decision retry_decide(const struct retry_attempt *attempt,
                                   const struct retry_pace *pace);

/* Retry-After's value in milliseconds from @now (Unix seconds): delay seconds or an HTTP date in
 * any of the three forms of RFC 9110 §5.6.7; a date that has passed is 0. RETRY_NO_LOWER_BOUND for
 * anything else. A figure too large to count is INT64_MAX. */
int64_t retry_after_ms(const char *value, size_t length, int64_t now);

#endif
