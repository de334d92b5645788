#include "support/span.h"

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c;
}

struct span span_trim(struct span text)
{
    while (text.length > 0 && is_space(text.at[0]))
        text = span_skip(text, 1);
    while (text.length > 0 && is_space(text.at[text.length - 1]))
        text.length--;
    return text;
}

struct span span_trim_ows(struct span text)
{
    while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = span_skip(text, 1);
    while (text.length > 0 && (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t'))
        text.length--;
    return text;
}

bool span_is_nocase(struct span text, const char *word)
{
    return text.length == strlen(word) && span_starts_nocase(text, word);
}

bool span_starts_nocase(struct span text, const char *start)
{
    size_t length = strlen(start);

    if (text.length < length)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text.at[i] != start[i] && lower(text.at[i]) != lower(start[i]))
            return false;
    }
    return true;
}
