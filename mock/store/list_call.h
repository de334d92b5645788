/* What reading and changing a contact's channels means, for the list in memory: under the contact's
 * lock, which the store holds. A change that fails changes nothing. */
#ifndef MOCK_STORE_LIST_CALL_H
#define MOCK_STORE_LIST_CALL_H

#include "store/channel_list.h"
#include "store/directory.h"
#include <heymarket/error.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* In the order of the policy's values. */
enum duplicate_rule { DUPLICATES_ARE_KEPT, DUPLICATES_ARE_APPENDED, DUPLICATES_ARE_REJECTED };

struct list_call {
    struct channel_list **list; /* NULL in it: as it was loaded */
    const struct contact *contact;
    int64_t team_id;
    const struct channel_values *values;
    struct channel_identity identity; /* of the values; its text is the caller's scratch */
    enum channel_choice choice;
    enum duplicate_rule rule;
    const char *now;
    struct channel_slice slice; /* of the channel that was read or changed */
    atomic_llong *ids;          /* the next one; NULL: the database gives them */
    int64_t id;                 /* that it gave for a new channel; 0: none yet */
    bool has_changed;
    bool needs_id; /* the database has to give one first: nothing was changed */
};

/* The list as it is; NULL: it never had a channel. */
const struct channel_list *list_call_now(const struct list_call *call);

/* Each: HM_OK; HM_REFUSED, HM_BAD_ARGUMENT, HM_NO_MEMORY as the function of store.h says. */
typedef enum hm_code (*list_call_fn)(struct list_call *call);
HM_MUST_USE enum hm_code list_call_add(struct list_call *call);
HM_MUST_USE enum hm_code list_call_get(struct list_call *call);
HM_MUST_USE enum hm_code list_call_update(struct list_call *call);
HM_MUST_USE enum hm_code list_call_delete(struct list_call *call);
HM_MUST_USE enum hm_code list_call_view(struct list_call *call);

#endif
