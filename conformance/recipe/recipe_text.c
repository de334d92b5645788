#include "recipe/recipe_text.h"
#include "support/text.h"
#include <string.h>

enum { OFFSET_TEXT = 16, OFFSET_MOST = 1000000000 };

/* Reads "{now}" or "{now-310}" at the start of @text. Returns its length; 0: something else. */
static size_t time_read(int64_t *time, const char *text, int64_t now)
{
    static const char start[] = "{now";
    const char *end = strchr(text, '}');
    const char *offset = text + sizeof start - 1;
    char digits[OFFSET_TEXT];
    int64_t value = 0;

    if (strncmp(text, start, sizeof start - 1) != 0 || end == NULL)
        return 0;
    size_t length = (size_t)(end - offset);
    if (length >= sizeof digits)
        return 0;
    memcpy(digits, offset, length);
    digits[length] = '\0';
    if (length > 0 && !text_to_int64(&value, digits, -OFFSET_MOST, OFFSET_MOST))
        return 0;
    *time = now + value;
    return (size_t)(end + 1 - text);
}

void recipe_text_expand(struct buf *out, const char *text, const struct recipe_words *words)
{
    const struct {
        const char *name;
        const char *value;
    } names[] = { { "{token}", words->token },
                  { "{ID}", words->secret->id },
                  { "{KEY}", words->secret->key },
                  { "{LEGACY}", words->legacy_key } };
    const size_t count = sizeof names / sizeof *names;
    int64_t time = 0;
    size_t i;

    buf_puts(out, "");
    while (*text) {
        for (i = 0; i < count && (names[i].value == NULL ||
                                  strncmp(text, names[i].name, strlen(names[i].name)) != 0);)
            i++;
        size_t length = i < count ? strlen(names[i].name) : time_read(&time, text, words->now);
        if (i < count)
            buf_puts(out, names[i].value);
        else if (length > 0)
            buf_printf(out, "%lld", (long long)time);
        else
            buf_putc(out, *text);
        text += length > 0 ? length : 1;
    }
}
