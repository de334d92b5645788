/* What may be sent again, and when [E4 E5 E7]. Pure functions: time and random bits are arguments.
 */
#ifndef TRANSPORT_RETRY_H
#define TRANSPORT_RETRY_H

#include "transport/http_answer.h"

/* The n-th wait is up to first_ms * 2^(n-1), but not more than most_ms. */
struct retry_pace {
    int64_t first_ms;
    int64_t most_ms;
};
#define RETRY_PACE_DEFAULT                                                                         \
    {                                                                                              \
        500, 30000                                                                                 \
    }

enum {
    RETRY_NO_LOWER_BOUND = -1,
    RETRY_NEEDS_LEAST_MS = 50, /* no attempt begins with less time than that */
    RETRY_NEEDS_MOST_MS = 1000
};

/* The result of an attempt. */
struct retry_attempt {
    int number;   /* from 1 */
    bool is_safe; /* the request changes nothing (RFC 9110 §9.2.1) */
    enum http_outcome outcome;
    bool is_untrusted;      /* the server's certificate is not trusted */
    int status;             /* of an answer */
    bool was_token_kept;    /* it was signed before this attempt */
    bool had_new_token;     /* for an earlier attempt of the same call, after a 401 */
    int64_t retry_after_ms; /* of the answer, or RETRY_NO_LOWER_BOUND */
    int64_t took_ms;        /* it alone */
    int64_t time_left_ms;   /* of the whole call */
    uint64_t chance;        /* uniformly distributed */
};

struct retry_decision {
    bool is_again;
    bool needs_new_token; /* with another token */
    int64_t wait_ms;      /* before it */
    const char *reason;   /* static: "not sent", "429", "401 to a kept token", "no answer", "408",
                             "5xx"; "" */
};

/* Decides what follows an attempt. Sent again: a request that was not sent, and one that was
 * answered 429, after a random part of the back-off, or Retry-After if that is longer; and once,
 * immediately, a 401 to a token that was kept. A safe request also if its answer was lost, or was
 * 408, 500, 502, 503 or 504 [E5]. Never: anything else; a request that was not sent
 * because the certificate is not trusted; after HM_ATTEMPTS_MAX attempts; and when the time limit
 * leaves less for the next attempt than this one took, within RETRY_NEEDS_*: it would only replace
 * what is known by a timeout. */
struct retry_decision retry_decide(const struct retry_attempt *attempt,
                                   const struct retry_pace *pace);

/* Retry-After (RFC 9110, section 10.2.3) in milliseconds: seconds, or an HTTP date in any of its
 * three forms, counted from @now (Unix seconds). 0: the date has passed. INT64_MAX: the number is
 * too large. RETRY_NO_LOWER_BOUND: anything else. */
int64_t retry_after_ms(const char *value, size_t length, int64_t now);

#endif
