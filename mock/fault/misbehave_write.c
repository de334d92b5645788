#include "fault/misbehave_write.h"

#include "store/store.h"
#include "support/uuid.h"
#include <ctype.h>
#include <string.h>

static enum hm_code add(struct exchange *x, struct contact *contact,
                        const struct channel_values *values, enum duplicate_rule rule)
{
    channel_view_fini(&x->channels);
    return store_add_channel(x->state->store, contact, values, rule, exchange_utc(x),
                             &x->answer.text, &x->channels);
}

/* The contact's unchanged list will be the answer. */
static enum hm_code view(struct exchange *x)
{
    channel_view_fini(&x->channels);
    return store_view(x->state->store, x->contact, &x->channels);
}

/* Another contact of the same team; the request's own if there is none. */
static struct contact *other_contact(const struct exchange *x)
{
    char uuid[UUID_TEXT];

    for (size_t i = 0; i < store_contact_count(x->state->store); i++) {
        const struct contact *contact = store_contact_at(x->state->store, i);

        contact_uuid(uuid, contact);
        if (contact != x->contact && contact_team(contact) == contact_team(x->contact))
            return store_find(x->state->store, uuid);
    }
    return x->contact;
}

/* Changes the values, whose texts are @type and @id. */
static void change(struct channel_values *values, char *type, char *id,
                   const struct misbehaviour *row)
{
    size_t length = values->id_length;

    switch (row->write) {
    case WRITE_TRIMMED_ID:
        for (; values->id_length > 0 && *values->id == ' '; values->id_length--)
            values->id++;
        while (values->id_length > 0 && values->id[values->id_length - 1] == ' ')
            values->id_length--;
        return;
    case WRITE_LOWER_CASE_ID:
        for (size_t i = 0; i < length; i++)
            id[i] = (char)tolower((unsigned char)id[i]);
        return;
    case WRITE_DIGITS_OF_ID:
        values->id_length = 0;
        for (size_t i = 0; i < length; i++) {
            if (isdigit((unsigned char)id[i]))
                id[values->id_length++] = id[i];
        }
        return;
    case WRITE_CUT_ID:
        values->id_length = length < (size_t)row->number ? length : (size_t)row->number;
        return;
    case WRITE_CAPITAL_TYPE:
        type[0] = (char)toupper((unsigned char)type[0]);
        return;
    case WRITE_HYPHENS_IN_TYPE:
        for (size_t i = 0; i < values->type_length; i++) {
            if (type[i] == '_')
                type[i] = '-';
        }
        return;
    case WRITE_OTHER_TYPE:
        values->type = row->text;
        values->type_length = strlen(row->text);
        return;
    case WRITE_SWAPPED:
        *values = (struct channel_values){ id, type, length, values->type_length };
        return;
    default:
        return;
    }
}

static enum hm_code add_changed(struct exchange *x, const struct misbehaviour *row)
{
    const char *prefix = row->write == WRITE_PREFIXED_ID ? row->text : "";
    struct channel_values values = x->values;
    struct buf text; /* the type, then the id */
    enum hm_code code = HM_NO_MEMORY;

    values.id_length += strlen(prefix);
    buf_init(&text, values.type_length + values.id_length + 1);
    buf_add(&text, values.type, values.type_length);
    buf_puts(&text, prefix);
    buf_add(&text, values.id, x->values.id_length);
    if (buf_ok(&text)) {
        values.type = text.data;
        values.id = text.data + values.type_length;
        change(&values, text.data, text.data + values.type_length, row);
        code = add(x, x->contact, &values, DUPLICATES_ARE_KEPT);
    }
    buf_fini(&text);
    return code;
}

static enum hm_code write_wrong(struct exchange *x, const struct misbehaviour *row)
{
    enum hm_code code;

    switch (row->write) {
    case WRITE_NOTHING:
        return view(x);
    case WRITE_TWICE:
        code = add(x, x->contact, &x->values, DUPLICATES_ARE_KEPT);
        return code == HM_OK ? add(x, x->contact, &x->values, DUPLICATES_ARE_APPENDED) : code;
    case WRITE_ELSEWHERE:
        code = add(x, other_contact(x), &x->values, DUPLICATES_ARE_KEPT);
        return code == HM_OK ? view(x) : code;
    case WRITE_EVERYWHERE:
        code = add(x, other_contact(x), &x->values, DUPLICATES_ARE_KEPT);
        return code == HM_OK ? add(x, x->contact, &x->values, DUPLICATES_ARE_KEPT) : code;
    case WRITE_FOR_OTHER_CONTACT:
        return add(x, other_contact(x), &x->values, DUPLICATES_ARE_KEPT);
    default:
        return add_changed(x, row);
    }
}

bool misbehave_write(enum hm_code *code, struct exchange *x)
{
    struct misbehaving *misbehaving = x->sandbox->misbehaving;

    if (!misbehaving_writes(misbehaving, x) || misbehaving->row->write == WRITE_RIGHT ||
        !misbehaving_is_due(misbehaving, x))
        return false;
    *code = write_wrong(x, misbehaving->row);
    return true;
}
