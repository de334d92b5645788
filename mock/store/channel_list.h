/* One contact's channels as ready-made JSON text: an answer is a copy of it, never a tree that is
 * serialised. Appending is for one thread at a time (the store's lock); what was appended never
 * changes, so a view may be read while others append, and a sealed list may be shared by others
 * that go on from it. */
#ifndef MOCK_STORE_CHANNEL_LIST_H
#define MOCK_STORE_CHANNEL_LIST_H

#include "store/table.h"
#include "support/buf.h"
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
    struct table by_key;        /* type and id -> where they stand in the text [B8] */
    const struct table *shared; /* the same for what was shared; NULL: nothing was */
};

/* What the list was at one moment. */
struct channel_view {
    struct channel_text *text; /* NULL: no channel */
    size_t length;
};

/* An empty one. NULL: out of memory. channel_list_free() takes NULL; views outlive the list. */
struct channel_list *channel_list_new(void);
void channel_list_free(struct channel_list *list);

/* Nothing will be appended any more: memory to spare is given back. */
void channel_list_seal(struct channel_list *list);

/* A list that goes on from @sealed, which must outlive it; copies nothing. NULL: out of memory. */
struct channel_list *channel_list_share(const struct channel_list *sealed);

/* Appends one channel; @scratch is for building it in.
 * returns HM_OK, HM_NO_MEMORY (also past CHANNEL_LIST_BYTES_MAX) */
HM_MUST_USE enum hm_code channel_list_append(struct channel_list *list,
                                             const struct channel_fields *fields,
                                             struct buf *scratch);

/* A long text takes a while to copy when it must grow, and that wants no lock: is it long, and
 * without room for a channel of these values? Then copy a view of it, without the lock, and under
 * the lock put the copy into the list's place: it does nothing if the text is another by then, and
 * gives the copy up in any case. NULL: out of memory, and too long for a list. */
bool channel_list_wants_copy(const struct channel_list *list, const struct channel_values *values);
struct channel_text *channel_view_copy(const struct channel_view *view,
                                       const struct channel_values *values);
void channel_list_adopt(struct channel_list *list, const struct channel_view *view,
                        struct channel_text *copy);

/* What makes a channel the same as another [B8]: its type and id, written out once, so that
 * comparing takes a moment. Borrows @scratch. */
struct channel_key {
    const struct buf *text;
    uint64_t hash;
};
struct channel_key channel_key_write(const struct channel_values *values, struct buf *scratch);

/* Is there a channel with exactly this type and id? */
bool channel_list_has(const struct channel_list *list, const struct channel_key *key);

/* Takes a view; channel_view_fini() it. */
struct channel_view channel_list_view(const struct channel_list *list);
void channel_view_fini(struct channel_view *view);

/* The view's text without the closing bracket: "[" and the elements. Borrowed from the view. */
const char *channel_view_text(const struct channel_view *view, size_t *length);

#endif
