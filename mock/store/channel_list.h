/* One contact's channels as ready-made JSON text, so that an answer is a copy of it. Only one
 * thread at a time may append (the store holds a lock). Text that was appended never changes, so a
 * view can be read while others append, and lists may continue from a sealed one. */
#ifndef MOCK_STORE_CHANNEL_LIST_H
#define MOCK_STORE_CHANNEL_LIST_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHANNEL_LIST_BYTES_MAX = 256 * 1024 * 1024 }; /* of one contact's text */

/* What a channel is made of [R2]. */
struct channel_values;
struct channel_fields {
    int64_t id, team_id, contact_id;
    const struct channel_values *values; /* channel_type, channel_id; may contain NUL */
    const char *info_channel, *channel_handle, *created, *updated;
};

/* Shared by the list and its views; freed by the last one. */
struct channel_text;

struct channel_list {
    struct channel_text *text; /* "[{...},{...}", without the closing bracket */
    size_t length;
    uint32_t count;
    struct channel_key *keys;          /* by type and id [B8] */
    const struct channel_list *shared; /* the one that this continues; NULL: none */
};

/* The list as it was at one moment. */
struct channel_view {
    struct channel_text *text; /* NULL: no channel */
    size_t length;
};

/* An empty list. NULL: out of memory. channel_list_free() accepts NULL; views outlive the list. */
struct channel_list *channel_list_new(void);
void channel_list_free(struct channel_list *list);

/* Gives back spare memory; nothing may be appended afterwards. */
void channel_list_seal(struct channel_list *list);

/* A list that continues from @sealed, which must outlive it; copies nothing. NULL: out of memory.
 */
struct channel_list *channel_list_share(const struct channel_list *sealed);

/* Appends one channel; @scratch is for building it in.
 * returns HM_OK, HM_NO_MEMORY (also past CHANNEL_LIST_BYTES_MAX) */
HM_MUST_USE enum hm_code channel_list_append(struct channel_list *list,
                                             const struct channel_fields *fields,
                                             struct buf *scratch);

/* What makes a channel the same as another [B8], type and id, written and hashed before the lock is
 * taken. Borrows @scratch. */
struct channel_identity {
    const struct buf *text;
    unsigned hash;
};
struct channel_identity channel_identity_write(const struct channel_values *values,
                                               struct buf *scratch);

/* Is there a channel with exactly this type and id? */
bool channel_list_has(const struct channel_list *list, const struct channel_identity *identity);

/* Takes a view; channel_view_fini() it. */
struct channel_view channel_list_view(const struct channel_list *list);
void channel_view_fini(struct channel_view *view);

/* The view's text without the closing bracket: "[" and the elements. Borrowed from the view. */
const char *channel_view_text(const struct channel_view *view, size_t *length);

#endif
