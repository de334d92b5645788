#include "support/json_text.h"

#include <string.h>

/* The letter after the backslash, or 0. */
static char short_escape(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

static void escape_write(struct buf *out, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    char escaped[] = "\\u0000";

    escaped[1] = short_escape(c);
    if (escaped[1] != 0) {
        buf_add(out, escaped, 2);
    } else {
        escaped[1] = 'u';
        escaped[4] = digits[c >> 4];
        escaped[5] = digits[c & 0xF];
        buf_add(out, escaped, sizeof escaped - 1);
    }
}

void json_text_piece(struct buf *out, const char *text, size_t length)
{
    size_t start = 0;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
            continue;
        buf_add(out, text + start, i - start);
        start = i + 1;
        escape_write(out, c);
    }
    buf_add(out, text + start, length - start);
}

void json_text_string(struct buf *out, const char *text, size_t length)
{
    buf_putc(out, '"');
    json_text_piece(out, text, length);
    buf_putc(out, '"');
}

void json_text_puts(struct buf *out, const char *text)
{
    if (text == NULL)
        buf_puts(out, "null");
    else
        json_text_string(out, text, strlen(text));
}

void json_text_integer(struct buf *out, int64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    buf_add(out, digits + at, sizeof digits - at);
}
