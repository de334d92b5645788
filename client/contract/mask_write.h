/* JSON with placeholders for what must not be shown. */
#ifndef CONTRACT_MASK_WRITE_H
#define CONTRACT_MASK_WRITE_H

#include "contract/mask.h"
#include "support/buf.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    MASK_DEPTH_MAX = 32, /* of JSON that is shown; deeper values are left out */
    MASK_NAME_BYTES_MAX = 128
};

/* Appends @text as a JSON string, masked, and subtracts what was written from *left; beyond that
 * the text is cut, between characters. False: it was cut. */
bool mask_write_string(struct buf *out, const struct masking *masking, const char *text,
                       size_t length, size_t *left);

/* The same for a JSON value: strings are cut, members and elements left out, so that it stays
 * JSON. */
bool mask_write_value(struct buf *out, const struct masking *masking, json_t *value, size_t *left);

#endif
