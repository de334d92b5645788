/* Lists that are not what was asked for. Each takes the list over, and returns what goes out. */
#include "fault/misbehave_row.h"

#include "store/clock.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_string(const json_t *value, const char *text, size_t length)
{
    return json_string_length(value) == length && json_is_string(value) &&
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

/* @with, in the place of the list. */
static json_t *instead(json_t *list, json_t *with)
{
    json_decref(list);
    return with;
}

LIST(wrapped)
{
    (void)x;
    return json_pack("{s:o}", row->text, list);
}

LIST(new_alone_as_object)
{
    (void)row;
    return instead(list, json_deep_copy(json_array_get(list, new_index(x, list))));
}

LIST(empty)
{
    (void)x;
    (void)row;
    json_array_clear(list);
    return list;
}

LIST(null)
{
    (void)x;
    (void)row;
    return instead(list, json_null());
}

LIST(as_string)
{
    char *text = json_dumps(list, JSON_COMPACT);
    json_t *string = json_string(text);

    (void)x;
    (void)row;
    free(text);
    return instead(list, string);
}

LIST(nested)
{
    (void)x;
    (void)row;
    return json_pack("[o]", list);
}

/* {"0": ..., "1": ...} */
LIST(as_map)
{
    json_t *map = json_object();
    char key[24];

    (void)x;
    (void)row;
    for (size_t i = 0; i < json_array_size(list); i++) {
        snprintf(key, sizeof key, "%zu", i);
        json_object_set(map, key, json_array_get(list, i));
    }
    return instead(list, map);
}

LIST(only_new)
{
    json_t *element = json_array_get(list, new_index(x, list));

    (void)row;
    return instead(list, json_pack("[O]", element));
}

LIST(without_new)
{
    (void)row;
    json_array_remove(list, new_index(x, list));
    return list;
}

/* Adds what was never written. */
LIST(with_new)
{
    json_t *before = json_array_get(list, 0);
    char now[CLOCK_UTC_TEXT];

    (void)row;
    clock_utc(now, x->now_s);
    if (new_index(x, list) == json_array_size(list))
        json_array_append_new(
            list, json_pack("{s:i,s:I,s:I,s:s%,s:s%,s:s,s:s,s:s,s:s}", "id", 999999, "team_id",
                            (json_int_t)json_integer_value(json_object_get(before, "team_id")),
                            "contact_id",
                            (json_int_t)json_integer_value(json_object_get(before, "contact_id")),
                            "channel_type", x->values.type, x->values.type_length, "channel_id",
                            x->values.id, x->values.id_length, "info_channel", "", "channel_handle",
                            "", "created", now, "updated", now));
    return list;
}

LIST(without_first)
{
    (void)row;
    if (new_index(x, list) != 0)
        json_array_remove(list, 0);
    return list;
}

LIST(without_last_old)
{
    size_t fresh = new_index(x, list);

    (void)row;
    if (fresh > 0)
        json_array_remove(list, fresh - 1);
    return list;
}

/* The oldest so many, and the new one. */
LIST(at_most)
{
    size_t fresh = new_index(x, list);

    for (size_t i = json_array_size(list); i-- > (size_t)row->number;) {
        if (i != fresh)
            json_array_remove(list, i);
    }
    return list;
}

LIST(newest)
{
    (void)x;
    while (json_array_size(list) > (size_t)row->number)
        json_array_remove(list, 0);
    return list;
}

static json_t *keep_types(const struct exchange *x, json_t *list, bool same)
{
    size_t fresh = new_index(x, list);

    for (size_t i = json_array_size(list); i-- > 0;) {
        const json_t *type = json_object_get(json_array_get(list, i), "channel_type");

        if (i != fresh && is_string(type, x->values.type, x->values.type_length) != same)
            json_array_remove(list, i);
    }
    return list;
}

LIST(of_same_type)
{
    (void)row;
    return keep_types(x, list, true);
}

LIST(of_other_types)
{
    (void)row;
    return keep_types(x, list, false);
}

static json_t *twice(json_t *list, size_t at)
{
    json_t *element = json_array_get(list, at);

    if (element != NULL)
        json_array_append(list, element);
    return list;
}

LIST(new_twice)
{
    (void)row;
    return twice(list, new_index(x, list));
}

LIST(first_twice)
{
    (void)x;
    (void)row;
    return twice(list, 0);
}

/* Changes member row->text of the elements that row->which names. */
LIST(member)
{
    size_t fresh = new_index(x, list);

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *element = json_array_get(list, i);
        json_t *value = json_object_get(element, row->text);
        json_t *changed;

        if ((row->which == NEW_ELEMENT && i != fresh) || (row->which == FIRST_ELEMENT && i != 0) ||
            value == NULL)
            continue;
        changed = row->change(row, value);
        if (changed == NULL)
            json_object_del(element, row->text);
        else
            json_object_set_new(element, row->text, changed);
    }
    return list;
}

/* One element belongs to somebody else. */
LIST(odd_owner)
{
    json_t *element = json_array_get(list, row->which == FIRST_ELEMENT ? 0 : new_index(x, list));
    json_int_t owner = json_integer_value(json_object_get(element, row->text));

    if (json_array_size(list) > 1)
        json_object_set_new(element, row->text, json_integer(owner + 1));
    return list;
}

LIST(others_touched)
{
    char now[CLOCK_UTC_TEXT];

    (void)row;
    clock_utc(now, x->now_s - (int64_t)atomic_load(&x->mock->misbehaving->met));
    for (size_t i = 0; i < json_array_size(list); i++)
        json_object_set_new(json_array_get(list, i), "created", json_string(now));
    return list;
}

LIST(others_renumbered)
{
    json_int_t shift = (json_int_t)atomic_load(&x->mock->misbehaving->met) * 1000;

    (void)row;
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *element = json_array_get(list, i);
        json_int_t id = json_integer_value(json_object_get(element, "id"));

        json_object_set_new(element, "id", json_integer(id + shift));
    }
    return list;
}

LIST(backwards)
{
    json_t *backwards = json_array();

    (void)x;
    for (size_t i = json_array_size(list);
         i-- > 0 && json_array_size(backwards) < (size_t)row->number;)
        json_array_append(backwards, json_array_get(list, i));
    return instead(list, backwards);
}

LIST(ids_as_types)
{
    (void)x;
    (void)row;
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *element = json_array_get(list, i);
        json_t *type = json_incref(json_object_get(element, "channel_type"));

        json_object_set(element, "channel_type", json_object_get(element, "channel_id"));
        json_object_set_new(element, "channel_id", type);
    }
    return list;
}
