/* One request and what came back. */
#ifndef SUITE_PLAY_ROUND_TRIP_H
#define SUITE_PLAY_ROUND_TRIP_H

#include "recipe/message.h"
#include "transport/http.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { QUOTE_BYTES_MAX = 240 };

struct round_trip {
    struct message message;
    struct http_answer answer;
    json_t *body; /* the answer's, parsed; NULL: it is no JSON */
    bool was_tried;
};

/* A zeroed struct is fine. */
void round_trip_fini(struct round_trip *trip);

/* A whole answer came, or one whose body is too large to read: its status and headers count. */
bool round_trip_is_answered(const struct round_trip *trip);

/* It was answered with a 2xx. */
bool round_trip_is_accepted(const struct round_trip *trip);

/* It was answered with 429 [E4]. */
bool round_trip_is_limited(const struct round_trip *trip);

/* Sent over a connection that the server had kept open, and not a byte came back: it may have been
 * closing it just then, which it may do (RFC 9112 §9.3.1). */
bool round_trip_is_lost_on_reuse(const struct round_trip *trip);

/* Parses the answer's body. */
void round_trip_parse(struct round_trip *trip);

/* Appends @length bytes of a request or an answer as they are, but for what must not be shown: the
 * tokens that were sent, piece by piece, and the keys of the run. Only what begins within the first
 * @most bytes is appended. */
void round_trip_hide(struct buf *out, const struct round_trip *trip, const char *text,
                     size_t length, size_t most);

/* The same for a reader: cut, and made safe for a terminal. */
void round_trip_quote(struct buf *out, const struct round_trip *trip, const char *text,
                      size_t length);

/* Appends "status 401" and the start of the body, or why there is no answer. */
void round_trip_describe(struct buf *out, const struct round_trip *trip);

#endif
