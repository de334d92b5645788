#include "fault/misbehave_change.h"

#include "store/store.h"
#include <string.h>

static enum channel_choice choice_of(const struct exchange *x)
{
    return (enum channel_choice)x->state->policy.value[POLICY_SEVERAL_OF_TYPE];
}

static enum hm_code get(struct exchange *x, const struct channel_values *values)
{
    channel_view_fini(&x->channels);
    return store_get_channel(x->state->store, x->contact, values, choice_of(x), &x->answer.text,
                             &x->channels, &x->channel);
}

static enum hm_code update(struct exchange *x, const struct channel_values *values)
{
    channel_view_fini(&x->channels);
    return store_update_channel(x->state->store, x->contact, values, choice_of(x),
                                DUPLICATES_ARE_APPENDED, exchange_utc(x), &x->answer.text,
                                &x->channels, &x->channel);
}

static enum hm_code delete (struct exchange *x, const struct channel_values *values) {
    channel_view_fini(&x->channels);
    return store_delete_channel(x->state->store, x->contact, values, choice_of(x), &x->answer.text,
                                &x->channels);
}

static enum hm_code add(struct exchange *x)
{
    channel_view_fini(&x->channels);
    return store_add_channel(x->state->store, x->contact, &x->values, DUPLICATES_ARE_APPENDED,
                             exchange_utc(x), &x->answer.text, &x->channels);
}

/* What the operation does. */
static enum hm_code act(struct exchange *x, const struct channel_values *values)
{
    if (strcmp(x->route.name, "channel_update") == 0)
        return update(x, values);
    return strcmp(x->route.name, "channel_delete") == 0 ? delete (x, values) : get(x, values);
}

static struct channel_values values_of(const json_t *channel, const struct channel_values *sent)
{
    const json_t *type = json_object_get(channel, "channel_type");

    return (struct channel_values){ json_string_value(type), sent->id, json_string_length(type),
                                    sent->id_length };
}

/* Does @what to a channel of another type; nothing where there is none. */
static enum hm_code to_another(struct exchange *x,
                               enum hm_code (*what)(struct exchange *x,
                                                    const struct channel_values *values))
{
    json_t *channels = store_channels(x->state->store, x->contact), *channel;
    enum hm_code code = channels == NULL ? HM_NO_MEMORY : HM_BAD_ARGUMENT;
    size_t i;

    json_array_foreach (channels, i, channel) {
        const struct channel_values values = values_of(channel, &x->values);

        if (values.type_length != x->values.type_length ||
            memcmp(values.type, x->values.type, values.type_length) != 0) {
            code = what(x, &values);
            break;
        }
    }
    json_decref(channels);
    return code;
}

/* Removes every channel. */
static enum hm_code remove_all(struct exchange *x)
{
    json_t *channels = store_channels(x->state->store, x->contact), *channel;
    enum hm_code code = channels == NULL ? HM_NO_MEMORY : HM_OK;
    size_t i;

    json_array_foreach (channels, i, channel) {
        const struct channel_values values = values_of(channel, &x->values);

        if (code == HM_OK)
            code = delete (x, &values);
    }
    json_decref(channels);
    x->channel = (struct channel_slice){ 0 };
    return code;
}

/* Takes the view of what is there now. */
static enum hm_code view(struct exchange *x)
{
    channel_view_fini(&x->channels);
    return store_view(x->state->store, x->contact, &x->channels);
}

static enum hm_code change_wrong(struct exchange *x, enum wrong_write write)
{
    enum hm_code code = get(x, &x->values);

    if (write == WRITE_ABSENT)
        return code == HM_BAD_ARGUMENT ? view(x) : delete (x, &x->values);
    if (code != HM_OK || write == WRITE_NOTHING)
        return code;
    switch (write) {
    case WRITE_AS_NEW:
        code = add(x);
        return code == HM_OK ? get(x, &x->values) : code;
    case WRITE_ANEW:
        code = delete (x, &x->values);
        code = code == HM_OK ? add(x) : code;
        return code == HM_OK ? get(x, &x->values) : code;
    case WRITE_TO_ANOTHER:
        return to_another(x, act);
    case WRITE_ANOTHER_TOO:
        code = to_another(x, act);
        return code == HM_OK || code == HM_BAD_ARGUMENT ? act(x, &x->values) : code;
    case WRITE_WITHOUT_ANOTHER:
        code = to_another(x, delete);
        return code == HM_OK || code == HM_BAD_ARGUMENT ? act(x, &x->values) : code;
    case WRITE_NONE_LEFT:
        return remove_all(x);
    default:
        return act(x, &x->values);
    }
}

bool misbehave_change(enum hm_code *code, struct exchange *x)
{
    struct misbehaving *misbehaving = x->sandbox->misbehaving;

    if (!misbehaving_writes(misbehaving, x) || misbehaving->row->write == WRITE_RIGHT ||
        !misbehaving_is_due(misbehaving, x))
        return false;
    *code = change_wrong(x, misbehaving->row->write);
    return true;
}
