/* One contact's channels as ready-made JSON text, so that an answer is a copy of it. Only one
 * thread at a time may change it (the store holds a lock). Text that was appended never changes: an
 * update and a removal make a new text. So a view can be read while others change the list, and
 * lists may continue from a sealed one. */
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

struct channel_place;

struct channel_list {
    struct channel_text *text; /* "[{...},{...}", without the closing bracket */
    size_t length;
    uint32_t count;
    uint32_t capacity;                 /* of @places */
    struct channel_place *places;      /* of the channels that come after those of @shared */
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
 * taken. Borrows @scratch. An id that is NULL is left out: the type alone is meant. */
struct channel_identity {
    struct buf *text;
    size_t type_length; /* of the beginning, which is the same for all channels of the type */
    unsigned hash;
};
struct channel_identity channel_identity_write(const struct channel_values *values,
                                               struct buf *scratch);

/* Is there a channel with exactly this type and id? */
bool channel_list_has(const struct channel_list *list, const struct channel_identity *identity);

/* Which of several channels of one type is meant, in the order of the policy's values [G3]. */
enum channel_choice { CHANNEL_NEWEST, CHANNEL_OLDEST };

/* The index of the channel of the identity's type. False: there is none. */
bool channel_list_find(uint32_t *index, const struct channel_list *list,
                       const struct channel_identity *identity, enum channel_choice choice);

/* Is this the channel at @index exactly? */
bool channel_list_is(const struct channel_list *list, uint32_t index,
                     const struct channel_identity *identity);

/* A list of the same channels that does not continue from another, to be changed. NULL: out of
 * memory. */
struct channel_list *channel_list_copy(const struct channel_list *list);

/* Gives the channel at @index the identity's id and a new time of its last change. Only for a list
 * that does not continue from another. The identity's text is used up. HM_NO_MEMORY: nothing is
 * changed */
HM_MUST_USE enum hm_code channel_list_update(struct channel_list *list, uint32_t index,
                                             const struct channel_identity *identity,
                                             const char *updated);

/* Takes the channel at @index out, likewise. */
HM_MUST_USE enum hm_code channel_list_remove(struct channel_list *list, uint32_t index);

/* Where the channel at @index is in the text of a view that is taken now. */
struct channel_slice {
    size_t at, length;
};
struct channel_slice channel_list_slice(const struct channel_list *list, uint32_t index);

/* Takes a view; channel_view_fini() it. */
struct channel_view channel_list_view(const struct channel_list *list);
void channel_view_fini(struct channel_view *view);

/* The view's text without the closing bracket: "[" and the elements. Borrowed from the view. */
const char *channel_view_text(const struct channel_view *view, size_t *length);

#endif
