/* One contact's channels as ready-made JSON text: an answer is a copy of it, never a tree that is
 * serialised. Appending is for one thread at a time (the store's lock); what was appended never
 * changes, so a view may be read while others append. */
#ifndef CHANNEL_LIST_H
#define CHANNEL_LIST_H

#include "buf.h"
#include "table.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHANNEL_LIST_BYTES_MAX = 256 * 1024 * 1024 }; /* of one contact's text */

/* What a channel is made of [R2]; strings with their length, for they may hold NULs. */
struct channel_values;
struct channel_fields {
    int64_t id, team_id, contact_id;
    const struct channel_values *values; /* channel_type, channel_id */
    const char *info_channel, *channel_handle, *created, *updated;
};

/* Shared by the list and its views; freed by the last one. */
struct channel_text;

struct channel_list {
    struct channel_text *text; /* "[{...},{...}", the closing bracket left to the reader */
    size_t length;
    uint32_t count;
    struct table by_key; /* type and id -> where they stand in the text [B8] */
};

/* What the list was at one moment. */
struct channel_view {
    struct channel_text *text; /* NULL: no channel */
    size_t length;
};

/* A zeroed list is empty. Views outlive it. */
void channel_list_fini(struct channel_list *list);

/* Makes a list with the same channels; the other one has at least one. HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code channel_list_copy(struct channel_list *copy,
                                           const struct channel_list *list);

/* Appends one channel; @scratch is for building it in.
 * returns HM_OK, HM_NO_MEMORY (also past CHANNEL_LIST_BYTES_MAX) */
HM_MUST_USE enum hm_code channel_list_append(struct channel_list *list,
                                             const struct channel_fields *fields,
                                             struct buf *scratch);

/* Is there a channel with exactly this type and id? @scratch is for comparing. */
bool channel_list_has(const struct channel_list *list, const struct channel_values *values,
                      struct buf *scratch);

/* Takes a view; channel_view_fini() it. */
struct channel_view channel_list_view(const struct channel_list *list);
void channel_view_fini(struct channel_view *view);

/* The view's text without the closing bracket: "[" and the elements. Borrowed from the view. */
const char *channel_view_text(const struct channel_view *view, size_t *length);

#endif
