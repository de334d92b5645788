/* One request and what came back. */
#ifndef SUITE_PLAY_ROUND_TRIP_H
#define SUITE_PLAY_ROUND_TRIP_H

#include "play/message.h"
#include "transport/http.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { QUOTE_BYTES_MAX = 240 };

struct exchange {
    struct message message;
    struct http_answer answer;
    json_t *body; /* the answer's, parsed; NULL: it is no JSON */
    bool was_tried;
};

/* A zeroed struct is fine. */
void exchange_fini(struct exchange *exchange);

/* A whole answer came, or one whose body is too large to read: its status and headers count. */
bool exchange_is_answered(const struct exchange *exchange);

/* It was answered with a 2xx. */
bool exchange_is_accepted(const struct exchange *exchange);

/* Sent over a connection that the server had kept open, and not a byte came back: it may have been
 * closing it just then, which it may do (RFC 9112 §9.3.1). */
bool exchange_is_lost_on_reuse(const struct exchange *exchange);

/* Parses the answer's body. */
void exchange_parse(struct exchange *exchange);

/* Appends @length bytes of a request or an answer as they are, but for what must not be shown: the
 * tokens that were sent, piece by piece, and the keys of the run. Only what begins within the first
 * @most bytes is appended. */
void exchange_hide(struct buf *out, const struct exchange *exchange, const char *text,
                   size_t length, size_t most);

/* The same for a reader: cut, and made safe for a terminal. */
void exchange_quote(struct buf *out, const struct exchange *exchange, const char *text,
                    size_t length);

/* Appends "status 401" and the start of the body, or why there is no answer. */
void exchange_describe(struct buf *out, const struct exchange *exchange);

#endif
