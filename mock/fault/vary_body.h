/* A list of channels written in another way that means the same. */
#ifndef MOCK_FAULT_VARY_BODY_H
#define MOCK_FAULT_VARY_BODY_H

#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>

struct vary_body {
    bool has_unknown_members;
    bool is_sparse; /* without info_channel and channel_handle [R9] */
    bool is_newest_first;
    bool is_sorted;                  /* members by name */
    bool has_fractions, has_offsets; /* of times [R5] */
    bool is_escaped;
    bool is_indented;
};

/* Appends the list anew. False: it is none, or out of memory. */
bool vary_body_write(struct buf *out, const char *body, size_t length, const struct vary_body *how);

#endif
