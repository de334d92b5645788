#include "contract/mask_decode.h"

#include "support/text.h"
#include <stdbool.h>
#include <string.h>

static int next_of(struct mask_decoder *d, size_t depth);

/* The value of @count hex digits; -1: they are not. */
static long digits_take(struct mask_decoder *d, size_t depth, int count)
{
    long value = 0;

    while (count-- > 0) {
        int c = next_of(d, depth), digit = c < 0 ? -1 : hex_value((char)c);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool is_surrogate(long unit, long first)
{
    return unit >= first && unit < first + 0x400;
}

/* After \u: the character as UTF-8, its first byte returned, the others to come; -1: none. */
static int character_take(struct mask_decoder *d, size_t depth)
{
    long c = digits_take(d, depth - 1, 4);
    unsigned char *bytes = d->rest[depth - 1].bytes;
    int more = 0;

    if (is_surrogate(c, 0xD800) && next_of(d, depth - 1) == '\\' && next_of(d, depth - 1) == 'u') {
        long low = digits_take(d, depth - 1, 4);

        c = is_surrogate(low, 0xDC00) ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : -1;
    }
    if (c < 0x80)
        return (int)c;
    more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    for (int i = 0; i < more; i++) /* the last one first, as they are taken */
        bytes[i] = (unsigned char)(0x80 | (c >> (6 * i) & 0x3F));
    d->rest[depth - 1].count = (unsigned char)more;
    return (int)(c >> (6 * more)) | (more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0);
}

/* After a backslash. */
static int escape_take(struct mask_decoder *d, size_t depth)
{
    static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
    int c = next_of(d, depth - 1);
    const char *letter;

    switch (c) {
    case '"':
    case '\\':
    case '/':
    case '\'':
        return c;
    case 'x':
        return (int)digits_take(d, depth - 1, 2);
    case 'u':
        return character_take(d, depth);
    default:
        letter = c <= 0 ? NULL : strchr(letters, c);
        return letter == NULL ? -1 : values[letter - letters];
    }
}

static int next_of(struct mask_decoder *d, size_t depth)
{
    int c;

    if (depth == 0)
        return d->at < d->length ? (unsigned char)d->text[d->at++] : -1;
    if (d->rest[depth - 1].count > 0)
        return d->rest[depth - 1].bytes[--d->rest[depth - 1].count];
    c = next_of(d, depth - 1);
    if (c == d->layers[depth - 1]) {
        const struct mask_decoder before = *d;
        int decoded = c == '%' ? (int)digits_take(d, depth - 1, 2) : escape_take(d, depth);

        if (decoded >= 0)
            return decoded;
        *d = before;
    }
    return c;
}

int mask_decoder_next(struct mask_decoder *decoder)
{
    return next_of(decoder, strlen(decoder->layers));
}
