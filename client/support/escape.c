#include "support/escape.h"

#include "support/hidden.h"
#include "support/text.h"
#include <string.h>

void escape_bytes(struct buf *out, const char *text, size_t length)
{
    size_t at = 0, plain = 0; /* from plain on up to at: not yet appended */

    while (at < length) {
        size_t bytes = utf8_sequence(text + at, length - at);

        if (bytes > 0) {
            at += bytes;
            continue;
        }
        buf_add(out, text + plain, at - plain);
        buf_printf(out, "\\x%02X", (unsigned)(unsigned char)text[at]);
        plain = ++at;
    }
    buf_add(out, text + plain, at - plain);
}

/* Bytes at the start of @text that may be shown as they are; 0: the first one must be escaped. */
static size_t printable(const char *text, size_t length)
{
    unsigned char first = (unsigned char)text[0];
    uint32_t code;

    if (first >= 0x20 && first < 0x7F)
        return 1;
    if (first < 0x80 || hidden_character(text, length, &code) > 0)
        return 0;
    return utf8_sequence(text, length);
}

/* Bytes at the start of @text that are printable ASCII: nearly all are. */
static size_t plain_run(const char *text, size_t length)
{
    size_t run = 0;

    while (run < length && text[run] >= 0x20 && text[run] < 0x7F)
        run++;
    return run;
}

/* @prefix stands before the xNN of a byte, @special are those that get a backslash. What needs
 * neither is appended in one piece. */
static void escape(struct buf *out, const char *text, size_t length, const char *prefix,
                   const char *special)
{
    size_t at = 0, plain = 0; /* from plain on up to at: not yet appended */

    if (*special == '\0')
        at = plain_run(text, length);
    while (at < length) {
        size_t bytes = printable(text + at, length - at);
        bool is_special = bytes == 1 && *special != '\0' && strchr(special, text[at]) != NULL;

        if (bytes == 0 || is_special) {
            buf_add(out, text + plain, at - plain);
            plain = at;
        }
        if (bytes == 0) {
            buf_printf(out, "%sx%02X", prefix, (unsigned)(unsigned char)text[at]);
            bytes = 1;
            plain = at + 1;
        } else if (is_special) {
            buf_putc(out, '\\');
        }
        at += bytes;
    }
    buf_add(out, text + plain, at - plain);
}

void escape_terminal(struct buf *out, const char *text, size_t length)
{
    escape(out, text, length, "\\", "");
}

void escape_tap(struct buf *out, const char *text, size_t length)
{
    escape(out, text, length, "\\\\", "#\\");
}

/* One byte as a command of printf, which stands outside the quotes. */
static void escape_shell_byte(struct buf *out, unsigned char byte)
{
    buf_printf(out, "'\"$(printf '\\%03o')\"'", (unsigned)byte);
}

void escape_shell(struct buf *out, const char *text)
{
    size_t length = strlen(text), bytes;

    buf_putc(out, '\'');
    for (size_t at = 0; at < length; at += bytes) {
        bytes = text[at] == '\n' || text[at] == '\t' ? 1 : printable(text + at, length - at);
        if (text[at] == '\'')
            buf_puts(out, "'\\''");
        else if (bytes > 0)
            buf_add(out, text + at, bytes);
        else
            escape_shell_byte(out, (unsigned char)text[at]);
        bytes += bytes == 0;
    }
    buf_putc(out, '\'');
}

/* The entity that a character of markup must be written as; NULL: none. */
static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void escape_markup(struct buf *out, const char *text, size_t length)
{
    size_t at = 0, plain = 0; /* from plain on up to at: not yet appended */

    while (at < length) {
        bool is_space = text[at] == '\n' || text[at] == '\t';
        size_t bytes = is_space ? 1 : printable(text + at, length - at);
        const char *name = bytes == 1 ? entity(text[at]) : NULL;

        if (name != NULL || bytes == 0) {
            buf_add(out, text + plain, at - plain);
            plain = at + 1;
        }
        if (name != NULL)
            buf_puts(out, name);
        else if (bytes == 0)
            buf_printf(out, "\\x%02X", (unsigned)(unsigned char)text[at]);
        at += bytes == 0 ? 1 : bytes;
    }
    buf_add(out, text + plain, at - plain);
}
