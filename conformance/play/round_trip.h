/* One request and its answer. */
#ifndef SUITE_PLAY_ROUND_TRIP_H
#define SUITE_PLAY_ROUND_TRIP_H

#include "contract/mask_write.h"
#include "recipe/message.h"
#include "transport/http.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { QUOTE_BYTES_MAX = 240, ROUND_TRIP_WORDS_MAX = 64 };

enum {
    ROUND_TRIP_BODY_BYTES_MAX = 1024 * 1024, /* of an answer */
    ROUND_TRIP_VALUES_MAX = 20000            /* of JSON in it */
};

struct round_trip {
    struct message message;
    struct http_answer answer;
    json_t *body; /* of the answer, parsed; NULL: not JSON */
    bool was_tried;
};

/* A zeroed struct is fine. */
void round_trip_fini(struct round_trip *trip);

/* True also for an answer that is beyond a limit. */
bool round_trip_is_answered(const struct round_trip *trip);

bool round_trip_is_accepted(const struct round_trip *trip);

/* The Date of the answer in Unix seconds. False: it has none that can be read. */
bool round_trip_date(int64_t *date_s, const struct round_trip *trip);

/* 401 [E2] */
bool round_trip_is_unauthorized(const struct round_trip *trip);

/* 429 [E4] */
bool round_trip_is_limited(const struct round_trip *trip);

bool round_trip_is_5xx(const struct round_trip *trip);

/* The request was sent on a kept-open connection and no byte came back: the server may have been
 * closing it, which RFC 9112 §9.3.1 allows. */
bool round_trip_is_lost_on_reuse(const struct round_trip *trip);

void round_trip_parse(struct round_trip *trip);

/* What must not be shown of an answer: the keys of the run, and the segments of the tokens that
 * were sent. Borrowed from the round trip. */
struct round_trip_masking {
    struct masking masking;
    bool is_full; /* there are more words: nothing may be shown */
    struct span words[ROUND_TRIP_WORDS_MAX];
};
void round_trip_mask(struct round_trip_masking *masking, const struct round_trip *trip);

/* Appends at most the first @most bytes, masked, what may be shown by @piece. */
void round_trip_hide(struct buf *out, const struct round_trip *trip, const char *text,
                     size_t length, size_t most, mask_piece_fn *piece);

/* The same for a reader: cut, and safe for a terminal. */
void round_trip_quote(struct buf *out, const struct round_trip *trip, const char *text,
                      size_t length);

/* Appends "status 401" and the start of the body, or why there is no answer. */
void round_trip_describe(struct buf *out, const struct round_trip *trip);

#endif
