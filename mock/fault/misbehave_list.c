#include "fault/misbehave_list.h"

#include "store/clock.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_string(const json_t *value, const char *text, size_t length)
{
    return json_is_string(value) && json_string_length(value) == length &&
           memcmp(json_string_value(value), text, length) == 0;
}

/* The element of the channel that was sent; the list's size: there is none. */
static size_t new_index(const struct exchange *x, const json_t *list)
{
    size_t i = json_array_size(list);

    while (i-- > 0) {
        const json_t *element = json_array_get(list, i);

        if (is_string(json_object_get(element, "channel_type"), x->values.type,
                      x->values.type_length) &&
            is_string(json_object_get(element, "channel_id"), x->values.id, x->values.id_length))
            return i;
    }
    return json_array_size(list);
}

static json_t *as_string(const json_t *list)
{
    char *text = json_dumps(list, JSON_COMPACT);
    json_t *string = json_string(text);

    free(text);
    return string;
}

static json_t *as_numbered_object(json_t *list)
{
    json_t *object = json_object();
    char key[24];

    for (size_t i = 0; i < json_array_size(list); i++) {
        snprintf(key, sizeof key, "%zu", i);
        json_object_set(object, key, json_array_get(list, i));
    }
    return object;
}

static json_t *backwards(json_t *list, size_t most)
{
    json_t *result = json_array();

    for (size_t i = json_array_size(list); i-- > 0 && json_array_size(result) < most;)
        json_array_append(result, json_array_get(list, i));
    return result;
}

/* What is answered in place of the list; NULL: the list itself is. */
static json_t *replacement(json_t *list, size_t fresh, const struct misbehaviour *row)
{
    switch (row->list) {
    case LIST_IN_OBJECT:
        return json_pack("{s:O}", row->text, list);
    case LIST_IN_LIST:
        return json_pack("[O]", list);
    case LIST_NEW_ELEMENT:
        return json_deep_copy(json_array_get(list, fresh));
    case LIST_ONLY_NEW:
        return json_pack("[O]", json_array_get(list, fresh));
    case LIST_NULL:
        return json_null();
    case LIST_AS_STRING:
        return as_string(list);
    case LIST_AS_NUMBERED_OBJECT:
        return as_numbered_object(list);
    case LIST_BACKWARDS:
        return backwards(list, (size_t)row->number);
    default:
        return NULL;
    }
}

/* Is element @i of @size left out? */
static bool is_left_out(const struct exchange *x, const json_t *element, size_t i, size_t size,
                        size_t fresh)
{
    const struct misbehaviour *row = x->sandbox->misbehaving->row;
    const json_t *type = json_object_get(element, "channel_type");
    bool is_new = i == fresh, is_same = is_string(type, x->values.type, x->values.type_length);

    switch (row->list) {
    case LIST_EMPTY:
        return true;
    case LIST_WITHOUT_NEW:
        return is_new;
    case LIST_WITHOUT_FIRST:
        return !is_new && i == 0;
    case LIST_WITHOUT_LAST_OLD:
        return i + 1 == fresh;
    case LIST_OLDEST_AND_NEW:
        return !is_new && i >= (size_t)row->number;
    case LIST_NEWEST:
        return i + (size_t)row->number < size;
    case LIST_OF_SAME_TYPE:
        return !is_new && !is_same;
    case LIST_OF_OTHER_TYPES:
        return !is_new && is_same;
    default:
        return false;
    }
}

/* Adds the new element, although nothing was written. */
static void add_new(const struct exchange *x, json_t *list)
{
    const json_t *before = json_array_get(list, 0);
    char now[CLOCK_UTC_TEXT];

    clock_utc(now, x->now_s);
    json_array_append_new(
        list, json_pack("{s:i,s:I,s:I,s:s%,s:s%,s:s,s:s,s:s,s:s}", "id", 999999, "team_id",
                        json_integer_value(json_object_get(before, "team_id")), "contact_id",
                        json_integer_value(json_object_get(before, "contact_id")), "channel_type",
                        x->values.type, x->values.type_length, "channel_id", x->values.id,
                        x->values.id_length, "info_channel", "", "channel_handle", "", "created",
                        now, "updated", now));
}

/* The text, each character mapped. */
static json_t *mapped(const json_t *value, int (*map)(int))
{
    enum { MEMBER_BYTES = 1024 };
    char text[MEMBER_BYTES];
    size_t length = json_string_length(value);

    length = length < sizeof text ? length : sizeof text;
    for (size_t i = 0; i < length; i++)
        text[i] = (char)map((unsigned char)json_string_value(value)[i]);
    return json_stringn_nocheck(text, length);
}

/* A number becomes a string, and a string a number. */
static json_t *of_other_type(const json_t *value)
{
    return json_is_integer(value) ? json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value))
                                  : json_integer(strtoll(json_string_value(value), NULL, 10));
}

/* A new value; NULL: the member is missing. */
static json_t *changed(json_t *value, const struct misbehaviour *row)
{
    const char *text = json_string_value(value);

    switch (row->change) {
    case CHANGE_MISSING:
        return NULL;
    case CHANGE_TO:
        return json_loads(row->text, JSON_DECODE_ANY, NULL);
    case CHANGE_OTHER_TYPE:
        return of_other_type(value);
    case CHANGE_FRACTION:
        return json_real((double)json_integer_value(value) + 0.5);
    case CHANGE_IN_LIST:
        return json_pack("[O]", value);
    case CHANGE_UPPER_CASE:
        return mapped(value, toupper);
    case CHANGE_SPACE_FOR_T:
        return json_sprintf("%.10s %.8s", text, text + 11);
    case CHANGE_WITHOUT_ZONE:
        return json_stringn(text, 19);
    case CHANGE_ONLY_DATE:
        return json_stringn(text, 10);
    }
    return NULL;
}

static void member_change(json_t *element, const struct misbehaviour *row)
{
    json_t *value = json_object_get(element, row->member);
    json_t *result = value == NULL ? NULL : changed(value, row);

    if (result == NULL)
        json_object_del(element, row->member);
    else
        json_object_set_new(element, row->member, result);
}

static void swap(json_t *element)
{
    json_t *type = json_incref(json_object_get(element, "channel_type"));

    json_object_set(element, "channel_type", json_object_get(element, "channel_id"));
    json_object_set_new(element, "channel_id", type);
}

/* Adds to a number. */
static void shift(json_t *element, const char *member, json_int_t by)
{
    json_int_t number = json_integer_value(json_object_get(element, member));

    json_object_set_new(element, member, json_integer(number + by));
}

static void element_change(struct exchange *x, json_t *element)
{
    const struct misbehaving *misbehaving = x->sandbox->misbehaving;
    json_int_t met = (json_int_t)atomic_load(&misbehaving->met);
    char then[CLOCK_UTC_TEXT];

    if (misbehaving->row->member != NULL)
        member_change(element, misbehaving->row);
    if (misbehaving->row->list == LIST_SWAPPED)
        swap(element);
    if (misbehaving->row->list == LIST_NEW_IDS)
        shift(element, "id", met * 1000);
    if (misbehaving->row->list == LIST_OTHER_OWNER)
        shift(element, misbehaving->row->text, 1);
    if (misbehaving->row->list == LIST_WITH_SENT)
        json_object_set_new(element, "channel_id", json_stringn(x->values.id, x->values.id_length));
    if (misbehaving->row->list == LIST_NEW_TIMES) {
        clock_utc(then, x->now_s - met);
        json_object_set_new(element, "created", json_string(then));
    }
}

static void list_change(struct exchange *x, json_t *list, const struct misbehaviour *row)
{
    const size_t fresh = new_index(x, list), size = json_array_size(list);
    json_t *again = json_array_get(list, row->list == LIST_FIRST_TWICE ? 0 : fresh);

    for (size_t i = 0; i < size; i++) {
        if ((row->which == EVERY_ELEMENT || i == (row->which == NEW_ELEMENT ? fresh : 0)) &&
            (row->list != LIST_OTHER_OWNER || size > 1))
            element_change(x, json_array_get(list, i));
    }
    if ((row->list == LIST_NEW_TWICE || row->list == LIST_FIRST_TWICE) && again != NULL)
        json_array_append(list, again);
    if (row->list == LIST_WITH_NEW && again == NULL)
        add_new(x, list);
    for (size_t i = size; i-- > 0;) {
        if (is_left_out(x, json_array_get(list, i), i, size, fresh))
            json_array_remove(list, i);
    }
}

/* The newest element of the type that was sent, which an update changes. */
static void sent_change(struct exchange *x, json_t *list)
{
    for (size_t i = json_array_size(list); i-- > 0;) {
        json_t *element = json_array_get(list, i);

        if (is_string(json_object_get(element, "channel_type"), x->values.type,
                      x->values.type_length)) {
            element_change(x, element);
            return;
        }
    }
}

void misbehave_list(struct exchange *x)
{
    struct misbehaving *misbehaving = x->sandbox->misbehaving;

    if (!misbehaving_writes(misbehaving, x))
        return;
    const struct misbehaviour *row = misbehaving->row;

    if ((row->list == LIST_RIGHT && row->member == NULL) ||
        (row->write == WRITE_RIGHT && !misbehaving_is_due(misbehaving, x)) ||
        answer_tree(&x->answer) == NULL)
        return;
    json_t *instead = replacement(x->answer.tree, new_index(x, x->answer.tree), row);

    if (instead == NULL && json_is_object(x->answer.tree)) {
        element_change(x, x->answer.tree);
    } else if (instead == NULL && row->list == LIST_WITH_SENT) {
        sent_change(x, x->answer.tree);
    } else if (instead == NULL) {
        list_change(x, x->answer.tree, row);
    } else {
        json_decref(x->answer.tree);
        x->answer.tree = instead;
    }
}
