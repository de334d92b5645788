#include "contract/plain_json.h"

enum { DIGITS_MAX = 15 };

static void skip(struct span *text, size_t count)
{
    text->at += count;
    text->length -= count;
}

static bool is_plain(char c)
{
    return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
}

bool plain_take_string(struct span *text, struct span *value)
{
    *value = (struct span){ text->at, 0 };
    while (value->length < text->length && is_plain(text->at[value->length]))
        value->length++;
    skip(text, value->length);
    return plain_take(text, "\"");
}

bool plain_take_number(struct span *text, double *value)
{
    size_t count = 0;

    *value = 0;
    while (count < text->length && text->at[count] >= '0' && text->at[count] <= '9') {
        *value = *value * 10 + (text->at[count] - '0');
        if (++count > DIGITS_MAX)
            return false;
    }
    if (count == 0 || (text->at[0] == '0' && count > 1))
        return false;
    skip(text, count);
    return true;
}

void plain_skip_spaces(struct span *text)
{
    while (text->length > 0 && text->at[0] == ' ')
        skip(text, 1);
}
