/* A request and its answer as they may be shown: without tokens, signatures and keys, bodies
 * and header sections cut. The transcript, the results and the page all use this. */
#ifndef SUITE_PLAY_RECORD_H
#define SUITE_PLAY_RECORD_H

#include "cases/case.h"
#include "play/round_trip.h"
#include <heymarket/token.h>
#include <jansson.h>
#include <stdint.h>

enum {
    RECORD_BODY_BYTES_MAX = 16 * 1024,
    RECORD_HEAD_BYTES_MAX = 16 * 1024 /* of the answer's header fields; the last is whole */
};

/* What the request was for. */
struct record_place {
    const struct test_case *test; /* NULL: not part of a case */
    const char *purpose;          /* "case", "excuse"; outside the cases "probe", "learn" */
    size_t number;                /* of the request within the run, from 1; 0: set later */
    int64_t sent_at_ms;           /* Unix time in milliseconds */
};

/* Unix time in milliseconds as RFC 3339 with milliseconds. A new reference; NULL: out of memory. */
json_t *record_time(int64_t unix_ms);

/* A new reference; NULL: out of memory.
 *
 * {"number", "time", "purpose", "case", "step" (from 1),
 *  "request": {"method", "url", "headers": [line], "tokens": [{"header", "claims"}],
 *              "body", "body_bytes", "body_truncated", "chunked"},
 *  "answer": {"outcome", "status", "headers": [line], "body", "body_bytes", "body_truncated",
 *             "time_ms", "connection_reused", "reason"}}
 *
 * @no_secrets is an empty set: an ID is shown only if it looks like an ID. */
json_t *record_make(const struct round_trip *trip, const struct record_place *place,
                    const struct hm_secrets *no_secrets);

#endif
