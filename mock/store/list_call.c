#include "store/list_call.h"

#include "contract/channel_rules.h"

const struct channel_list *list_call_now(const struct list_call *call)
{
    return *call->list == NULL ? call->contact->loaded : *call->list;
}

/* The list to append to; at the first write it continues from what was loaded. NULL: out of memory.
 */
static struct channel_list *list_to_append(const struct list_call *call)
{
    const struct channel_list *loaded = call->contact->loaded;

    if (*call->list == NULL)
        *call->list = loaded == NULL ? channel_list_new() : channel_list_share(loaded);
    return *call->list;
}

/* The list, to be changed in the middle: from the first time on it is one of its own. NULL: out of
 * memory. */
static struct channel_list *list_of_own(const struct list_call *call)
{
    struct channel_list *copy;

    if (*call->list != NULL && (*call->list)->shared == NULL)
        return *call->list;
    copy = channel_list_copy(list_call_now(call));
    if (copy == NULL)
        return NULL;
    channel_list_free(*call->list);
    *call->list = copy;
    return copy;
}

enum hm_code list_call_add(struct list_call *call)
{
    struct channel_fields fields = { .team_id = call->team_id,
                                     .contact_id = call->contact->contact_id,
                                     .values = call->values,
                                     .info_channel = "",
                                     .channel_handle = "",
                                     .created = call->now,
                                     .updated = call->now };
    struct channel_list *channels;
    enum hm_code code;

    if (call->rule != DUPLICATES_ARE_APPENDED &&
        channel_list_has(list_call_now(call), &call->identity))
        return call->rule == DUPLICATES_ARE_REJECTED ? HM_REFUSED : HM_OK;
    call->needs_id = call->ids == NULL && call->id == 0;
    if (call->needs_id)
        return HM_OK;
    channels = list_to_append(call);
    if (channels == NULL)
        return HM_NO_MEMORY;
    fields.id = call->ids == NULL ? call->id : atomic_fetch_add(call->ids, 1);
    code = channel_list_append(channels, &fields, call->identity.text);
    call->has_changed = code == HM_OK;
    return code;
}

enum hm_code list_call_get(struct list_call *call)
{
    const struct channel_list *channels = list_call_now(call);
    uint32_t index;

    if (!channel_list_find(&index, channels, &call->identity, call->choice))
        return HM_BAD_ARGUMENT;
    call->slice = channel_list_slice(channels, index);
    return HM_OK;
}

enum hm_code list_call_update(struct list_call *call)
{
    const struct channel_list *before = list_call_now(call);
    struct channel_list *channels;
    enum hm_code code = HM_OK;
    uint32_t index;

    if (!channel_list_find(&index, before, &call->identity, call->choice))
        return HM_BAD_ARGUMENT;
    if (call->rule == DUPLICATES_ARE_APPENDED || channel_list_is(before, index, &call->identity) ||
        !channel_list_has(before, &call->identity)) {
        channels = list_of_own(call);
        code = channels == NULL ? HM_NO_MEMORY
                                : channel_list_update(channels, index, &call->identity, call->now);
        call->has_changed = code == HM_OK;
    } else if (call->rule == DUPLICATES_ARE_REJECTED) {
        code = HM_REFUSED;
    }
    if (code == HM_OK)
        call->slice = channel_list_slice(list_call_now(call), index);
    return code;
}

enum hm_code list_call_delete(struct list_call *call)
{
    struct channel_list *channels;
    enum hm_code code;
    uint32_t index;

    if (!channel_list_find(&index, list_call_now(call), &call->identity, call->choice))
        return HM_BAD_ARGUMENT;
    channels = list_of_own(call);
    code = channels == NULL ? HM_NO_MEMORY : channel_list_remove(channels, index);
    call->has_changed = code == HM_OK;
    return code;
}

enum hm_code list_call_view(struct list_call *call)
{
    (void)call;
    return HM_OK;
}
