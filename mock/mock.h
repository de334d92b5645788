/* What all requests share, for as long as the server runs. */
#ifndef MOCK_H
#define MOCK_H

#include "clock.h"
#include "policy.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct limit;
struct store;

enum log_kind { LOG_TEXT, LOG_JSON, LOG_NONE };

/* Requests so far, those of the control plane not counted. */
struct counts {
    atomic_ullong requests;
    atomic_ullong accepted; /* 2xx */
    atomic_ullong refused;  /* 4xx */
    atomic_ullong warned;   /* with a warning, accepted or not */
};

struct mock {
    struct clock clock;
    struct policy policy;
    struct store *store;
    struct limit *limit; /* NULL: no rate limit */
    struct counts counts;
    int64_t started_us; /* monotonic */
    _Atomic(char **)
        urls; /* base URLs of the listeners, NULL-terminated; NULL until they are known */
    enum log_kind log;
    bool is_terse;
    bool has_control; /* the control plane is on */
};

#endif
