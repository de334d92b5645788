/* Text and JSON with placeholders for what must not be shown. */
#ifndef CONTRACT_MASK_WRITE_H
#define CONTRACT_MASK_WRITE_H

#include "contract/mask.h"
#include "support/buf.h"
#include "support/quoted.h"
#include "support/span.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    MASK_DEPTH_MAX = 32, /* of JSON that is shown; deeper values are left out */
    MASK_NAME_BYTES_MAX = 128
};

/* Appends bytes made safe for a reader, as escape_terminal() does. */
typedef void mask_piece_fn(struct buf *out, const char *text, size_t length);

/* Appends @text, masked (@masking NULL: as it is), then cut to @most of its bytes with "..." after
 * them. What may be shown is appended by @piece (NULL: as it is). False: it was cut. */
bool mask_write_text(struct buf *out, const struct masking *masking, struct span text, size_t most,
                     mask_piece_fn *piece);

/* quoted() of a masked text; @masking likewise. */
struct quoted mask_quoted(const struct masking *masking, const char *value, size_t length);

/* Appends a JSON value, masked, and subtracts what was written from *left. Beyond that, strings are
 * cut, and members and elements left out, so that it stays JSON. False: something was.
 * @source is the text that @value was parsed from, where it has the digits that a number lost when
 * it was parsed; "": there is none. */
bool mask_write_value(struct buf *out, const struct masking *masking, json_t *value,
                      struct span source, size_t *left);

/* A masked copy of a JSON value, as mask_write_value() writes it; a new reference. NULL: out of
 * memory or of depth, or @value is NULL. */
json_t *mask_copy(const struct masking *masking, json_t *value);

#endif
