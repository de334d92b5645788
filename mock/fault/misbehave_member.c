/* Members of a list's elements, changed. */
#include "fault/misbehave_row.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { TIME_TEXT = 64, MEMBER_BYTES = 1024 };

/* Each returns a new value; NULL takes the member away. */
CHANGE(missing)
{
    (void)row;
    (void)value;
    return NULL;
}

CHANGE(null)
{
    (void)row;
    (void)value;
    return json_null();
}

/* A number becomes a string, and a string a number. */
CHANGE(retyped)
{
    char text[32];

    (void)row;
    if (!json_is_integer(value))
        return json_integer(strtoll(json_string_value(value), NULL, 10));
    snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_string(text);
}

CHANGE(real)
{
    (void)row;
    return json_real((double)json_integer_value(value) + 0.5);
}

CHANGE(boolean)
{
    (void)row;
    (void)value;
    return json_false();
}

CHANGE(boxed)
{
    (void)row;
    return json_pack("[O]", value);
}

CHANGE(next)
{
    (void)row;
    return json_integer(json_integer_value(value) + 1);
}

/* Times that are none, or not in that form. */
CHANGE(words)
{
    (void)row;
    (void)value;
    return json_string("last Tuesday");
}

CHANGE(blank_for_t)
{
    char text[TIME_TEXT];

    (void)row;
    snprintf(text, sizeof text, "%.10s %.8s", json_string_value(value),
             json_string_value(value) + 11);
    return json_string(text);
}

CHANGE(without_zone)
{
    (void)row;
    return json_stringn(json_string_value(value), 19);
}

CHANGE(date_alone)
{
    (void)row;
    return json_stringn(json_string_value(value), 10);
}

CHANGE(epoch)
{
    (void)row;
    (void)value;
    return json_string("1713225600");
}

CHANGE(http_date)
{
    (void)row;
    (void)value;
    return json_string("Tue, 16 Apr 2024 00:00:00 GMT");
}

static json_t *mapped(const json_t *value, int (*map)(int))
{
    char text[MEMBER_BYTES];
    size_t length = json_string_length(value);

    length = length < sizeof text ? length : sizeof text;
    for (size_t i = 0; i < length; i++)
        text[i] = (char)map((unsigned char)json_string_value(value)[i]);
    return json_stringn_nocheck(text, length);
}

CHANGE(small)
{
    (void)row;
    return mapped(value, tolower);
}

CHANGE(capitals)
{
    (void)row;
    return mapped(value, toupper);
}
