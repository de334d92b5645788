#include "support/quoted.h"

#include "support/escape.h"
#include "support/text.h"
#include <stdio.h>
#include <string.h>

enum { WORD_BYTES_MAX = 7 };

static const char dots[] = "...";

struct quoted quoted(const char *value, size_t length)
{
    struct quoted out = { "" };
    struct buf safe;
    size_t kept = length;

    if (length > QUOTED_BYTES_MAX)
        kept = utf8_cut(value, QUOTED_BYTES_MAX);
    buf_init(&safe, QUOTED_TEXT);
    escape_terminal(&safe, value, kept);
    if (snprintf(out.text, sizeof out.text, "\"%s%s\"", buf_text(&safe),
                 kept < length ? dots : "") < 0)
        out.text[0] = '\0';
    buf_fini(&safe);
    return out;
}

struct quoted quoted_if_short(const char *value, size_t length, size_t most)
{
    struct quoted out;

    if (length <= most)
        return quoted(value, length);
    snprintf(out.text, sizeof out.text, "<%zu characters>", length);
    return out;
}

struct quoted word_shown(const char *word, const char *const *names)
{
    struct quoted out;
    size_t length = strlen(word);

    if (length <= WORD_BYTES_MAX ||
        (length <= QUOTED_BYTES_MAX && text_nearest(word, names) != NULL))
        snprintf(out.text, sizeof out.text, "%s", word);
    else
        snprintf(out.text, sizeof out.text, "<%zu characters>", length);
    return out;
}

struct quoted variable_shown(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    bool is_variable = strspn(name, letters) == strlen(name) && strchr(name, '_') != NULL;
    const char *const names[] = { is_variable ? name : NULL, NULL };

    return word_shown(name, names);
}
