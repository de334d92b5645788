#include "recipe/recipe_text.h"
#include "contract/hmac.h"
#include "support/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { OFFSET_TEXT = 16, OFFSET_MOST = 1000000000, ENCODED_BYTES_MAX = 256 * 1024 };

void secret_buf_fini(struct buf *buf)
{
    bytes_wipe(buf->data, buf->length);
    buf_fini(buf);
}

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

static void base64_encode(struct buf *out, const unsigned char *bytes, size_t length)
{
    enum { PADDING = 64 };
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

    for (size_t i = 0; i < length; i += 3) {
        unsigned bits = (unsigned)bytes[i] << 16 |
                        (i + 1 < length ? (unsigned)bytes[i + 1] << 8 : 0) |
                        (i + 2 < length ? bytes[i + 2] : 0);

        buf_putc(out, letters[bits >> 18]);
        buf_putc(out, letters[bits >> 12 & 63]);
        buf_putc(out, letters[i + 1 < length ? bits >> 6 & 63 : PADDING]);
        buf_putc(out, letters[i + 2 < length ? bits & 63 : PADDING]);
    }
}

void recipe_text_encode(struct buf *out, const char *how, const char *bytes, size_t length)
{
    if (strcmp(how, "base64") == 0)
        base64_encode(out, (const unsigned char *)bytes, length);
    for (size_t i = 0; strcmp(how, "base64") != 0 && i < length; i++) {
        if (strcmp(how, "hex") == 0)
            buf_printf(out, "%02x", (unsigned char)bytes[i]);
        else if (isalnum((unsigned char)bytes[i]))
            buf_putc(out, bytes[i]);
        else
            buf_printf(out, "%%%02X", (unsigned char)bytes[i]);
    }
}

/* Appends @text up to @end with its names replaced. */
static void names_expand(struct buf *out, const char *text, const char *end,
                         const struct recipe_words *words)
{
    const struct {
        const char *name;
        const char *value;
    } names[] = { { "{token}", words->token },
                  { "{ID}", words->secret->id },
                  { "{KEY}", private_open(words->secret->key) },
                  { "{LEGACY}", private_open(words->legacy_key) } };
    const size_t count = sizeof names / sizeof *names;
    int64_t time = 0;
    size_t i;

    buf_puts(out, "");
    while (text < end) {
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

/* Appends what is in "{base64:...}" encoded. Returns the length of the whole; 0: something else. */
static size_t encoded_append(struct buf *out, const char *text, const struct recipe_words *words)
{
    static const char *const encoders[] = { "base64", "hex", "percent" };
    const size_t count = sizeof encoders / sizeof *encoders;
    const char *const colon = strchr(text, ':');
    const char *end = colon;
    size_t depth = 1;
    size_t how = 0;
    struct buf plain;

    if (text[0] != '{' || colon == NULL)
        return 0;
    while (how < count && ((size_t)(colon - text) != strlen(encoders[how]) + 1 ||
                           strncmp(text + 1, encoders[how], strlen(encoders[how])) != 0))
        how++;
    while (how < count && *end && depth > 0) {
        end++;
        depth += (size_t)(*end == '{') - (size_t)(*end == '}');
    }
    if (how == count || !*end)
        return 0;
    buf_init(&plain, ENCODED_BYTES_MAX);
    names_expand(&plain, colon + 1, end, words);
    if (buf_ok(&plain))
        recipe_text_encode(out, encoders[how], buf_text(&plain), plain.length);
    else
        out->status = plain.status;
    secret_buf_fini(&plain);
    return (size_t)(end + 1 - text);
}

void recipe_text_expand(struct buf *out, const char *text, const struct recipe_words *words)
{
    buf_puts(out, "");
    while (*text) {
        const size_t encoded = encoded_append(out, text, words);
        const char *next = strchr(text + 1, '{');

        if (encoded == 0)
            names_expand(out, text, next != NULL ? next : text + strlen(text), words);
        text = encoded > 0 ? text + encoded : next != NULL ? next : text + strlen(text);
    }
}
