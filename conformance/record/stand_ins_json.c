#include "record/stand_ins_json.h"
#include "support/json_text.h"
#include <stdio.h>
#include <stdlib.h>

/* DIGITS_LEAST: of a number that may be a phone number */
enum { DEPTH_MAX = 32, NUMBER_TEXT = 48, DIGITS_LEAST = 7, TEXT_BYTES_MAX = 32 * 1024 * 1024 };

/* A number that was a phone number elsewhere, or whose member says so. */
static json_t *number_copy(struct stand_ins *stand_ins, const char *member, json_t *value)
{
    char digits[NUMBER_TEXT];
    struct buf out;
    json_t *copy = NULL;
    const int length =
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));

    if (json_integer_value(value) < 0 || length < DIGITS_LEAST ||
        (!is_personal_member(member) && !stand_ins_know_phone(stand_ins, digits)))
        return json_deep_copy(value);
    buf_init(&out, (size_t)NUMBER_TEXT * 2);
    stand_ins_value(&out, stand_ins, "phone", (struct span){ digits, (size_t)length });
    copy = buf_ok(&out) ? json_integer(strtoll(buf_text(&out), NULL, 10)) : NULL;
    buf_fini(&out);
    return copy;
}

static json_t *string_copy(struct stand_ins *stand_ins, const char *member, struct span text)
{
    struct buf out;
    json_t *copy = NULL;

    buf_init(&out, TEXT_BYTES_MAX);
    stand_ins_value(&out, stand_ins, member, text);
    if (buf_ok(&out))
        copy = json_stringn(buf_text(&out), out.length);
    buf_fini(&out);
    return copy;
}

static json_t *copy(struct stand_ins *stand_ins, const char *member, json_t *value, int depth);

static json_t *object_copy(struct stand_ins *stand_ins, json_t *object, int depth)
{
    json_t *made = json_object();
    const char *name;
    json_t *value;

    json_object_foreach (object, name, value) {
        struct buf shown;

        buf_init(&shown, TEXT_BYTES_MAX);
        stand_ins_text(&shown, stand_ins, (struct span){ name, strlen(name) });
        if (!buf_ok(&shown) ||
            json_object_set_new(made, buf_text(&shown), copy(stand_ins, name, value, depth)) != 0) {
            json_decref(made);
            made = NULL;
        }
        buf_fini(&shown);
        if (made == NULL)
            break;
    }
    return made;
}

/* @member: the name of the member that the value belongs to, also as an element of its array. */
/* NOLINTNEXTLINE(misc-no-recursion): ends at DEPTH_MAX */
static json_t *copy(struct stand_ins *stand_ins, const char *member, json_t *value, int depth)
{
    json_t *made = NULL;
    json_t *element;
    size_t i;

    if (depth == DEPTH_MAX)
        return NULL;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return string_copy(stand_ins, member,
                           (struct span){ json_string_value(value), json_string_length(value) });
    case JSON_INTEGER:
        return number_copy(stand_ins, member, value);
    case JSON_OBJECT:
        return object_copy(stand_ins, value, depth + 1);
    case JSON_ARRAY:
        made = json_array();
        json_array_foreach (value, i, element)
            made = json_list_add(made, copy(stand_ins, member, element, depth + 1));
        return made;
    default:
        return json_deep_copy(value);
    }
}

json_t *stand_ins_copy(struct stand_ins *stand_ins, json_t *value)
{
    return value != NULL ? copy(stand_ins, "", value, 0) : NULL;
}
