/* Writes that go wrong. */
#include "fault/misbehave_row.h"

#include "store/store.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum hm_code add(struct exchange *x, struct contact *contact,
                        const struct channel_values *values, enum duplicate_rule rule)
{
    channel_view_fini(&x->channels);
    return store_add_channel(x->state->store, contact, values, rule, &x->state->clock,
                             &x->answer.text, &x->channels);
}

/* The contact's list as it stands is what is answered. */
static enum hm_code look(struct exchange *x)
{
    channel_view_fini(&x->channels);
    store_view(x->state->store, x->contact, &x->channels);
    return HM_OK;
}

WRITE(nothing)
{
    (void)row;
    return look(x);
}

WRITE(twice)
{
    enum hm_code code = add(x, x->contact, &x->values, DUPLICATES_ARE_KEPT);

    (void)row;
    return code == HM_OK ? add(x, x->contact, &x->values, DUPLICATES_ARE_APPENDED) : code;
}

/* A contact other than the request's, of the same team; the same one where there is no other. */
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

WRITE(elsewhere)
{
    enum hm_code code = add(x, other_contact(x), &x->values, DUPLICATES_ARE_KEPT);

    (void)row;
    return code == HM_OK ? look(x) : code;
}

WRITE(to_other_contact_of_team)
{
    (void)row;
    return add(x, other_contact(x), &x->values, DUPLICATES_ARE_KEPT);
}

WRITE(everywhere)
{
    enum hm_code code = add(x, other_contact(x), &x->values, DUPLICATES_ARE_KEPT);

    (void)row;
    return code == HM_OK ? add(x, x->contact, &x->values, DUPLICATES_ARE_KEPT) : code;
}

/* Adds with another type or id. */
static enum hm_code add_as(struct exchange *x, const char *type, size_t type_length, const char *id,
                           size_t id_length)
{
    struct channel_values values = { type, id, type_length, id_length };

    return add(x, x->contact, &values, DUPLICATES_ARE_KEPT);
}

static enum hm_code add_id(struct exchange *x, const char *id, size_t length)
{
    return add_as(x, x->values.type, x->values.type_length, id, length);
}

WRITE(trimmed)
{
    const char *id = x->values.id;
    size_t length = x->values.id_length;

    (void)row;
    while (length > 0 && *id == ' ') {
        id++;
        length--;
    }
    while (length > 0 && id[length - 1] == ' ')
        length--;
    return add_id(x, id, length);
}

/* The id, each letter passed through @map; those for which it gives 0 are left out. */
static enum hm_code add_mapped(struct exchange *x, int (*map)(int c))
{
    char *id = malloc(x->values.id_length + 1);
    size_t length = 0;
    enum hm_code code;

    if (id == NULL)
        return HM_NO_MEMORY;
    for (size_t i = 0; i < x->values.id_length; i++) {
        int c = map((unsigned char)x->values.id[i]);

        if (c != 0)
            id[length++] = (char)c;
    }
    code = add_id(x, id, length);
    free(id);
    return code;
}

WRITE(small)
{
    (void)row;
    return add_mapped(x, tolower);
}

static int digit_or_nothing(int c)
{
    return isdigit(c) ? c : 0;
}

WRITE(digits)
{
    (void)row;
    return add_mapped(x, digit_or_nothing);
}

WRITE(capital_type)
{
    char type[64];
    size_t length = x->values.type_length < sizeof type ? x->values.type_length : sizeof type;

    (void)row;
    memcpy(type, x->values.type, length);
    type[0] = (char)toupper((unsigned char)type[0]);
    return add_as(x, type, length, x->values.id, x->values.id_length);
}

WRITE(hyphened_type)
{
    char type[64];
    size_t length = x->values.type_length < sizeof type ? x->values.type_length : sizeof type;

    (void)row;
    for (size_t i = 0; i < length; i++) {
        type[i] = x->values.type[i];
        if (type[i] == '_')
            type[i] = '-';
    }
    return add_as(x, type, length, x->values.id, x->values.id_length);
}

WRITE(type_as)
{
    return add_as(x, row->text, strlen(row->text), x->values.id, x->values.id_length);
}

WRITE(swapped)
{
    (void)row;
    return add_as(x, x->values.id, x->values.id_length, x->values.type, x->values.type_length);
}

WRITE(cut)
{
    size_t most = (size_t)row->number;

    return add_id(x, x->values.id, x->values.id_length < most ? x->values.id_length : most);
}

WRITE(prefixed)
{
    char *id = malloc(x->values.id_length + strlen(row->text) + 1);
    size_t length = strlen(row->text);
    enum hm_code code;

    if (id == NULL)
        return HM_NO_MEMORY;
    memcpy(id, row->text, length);
    memcpy(id + length, x->values.id, x->values.id_length);
    code = add_id(x, id, length + x->values.id_length);
    free(id);
    return code;
}
