#include "support/json_text.h"

#include "support/hidden.h"
#include <stdbool.h>
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

/* A character from U+0080 on, as one or two \\uNNNN (RFC 8259, section 7). */
static void code_write(struct buf *out, uint32_t code)
{
    if (code > 0xFFFF)
        buf_printf(out, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (code >> 10)),
                   (unsigned)(0xDC00 + (code & 0x3FF)));
    else
        buf_printf(out, "\\u%04x", (unsigned)code);
}

/* Hidden characters are escaped, too. */
static void write_escaped(struct buf *out, const char *text, size_t length,
                          bool (*is_escaped)(unsigned char c))
{
    size_t start = 0, at = 0;

    while (at < length) {
        const unsigned char c = (unsigned char)text[at];
        uint32_t code = c;
        size_t bytes = 1;

        if (c < 0x80 ? !is_escaped(c)
                     : (bytes = hidden_character(text + at, length - at, &code)) == 0) {
            at++;
            continue;
        }
        buf_add(out, text + start, at - start);
        if (c < 0x80)
            escape_write(out, c);
        else
            code_write(out, code);
        start = at += bytes;
    }
    buf_add(out, text + start, length - start);
}

static bool is_escaped_in_string(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7F;
}

static bool is_delete(unsigned char c)
{
    return c == 0x7F;
}

void json_text_piece(struct buf *out, const char *text, size_t length)
{
    write_escaped(out, text, length, is_escaped_in_string);
}

static int tree_add(const char *text, size_t length, void *out)
{
    write_escaped(out, text, length, is_delete);
    return buf_ok(out) ? 0 : -1;
}

void json_text_tree(struct buf *out, const json_t *tree, size_t flags)
{
    if ((tree == NULL || json_dump_callback(tree, tree_add, out, flags) != 0) && buf_ok(out))
        out->status = BUF_NO_MEMORY;
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

json_t *json_list_add(json_t *list, json_t *value)
{
    if (json_array_append_new(list, value) == 0)
        return list;
    json_decref(list);
    return NULL;
}
