#include "support/text.h"
#include <inttypes.h>
#include <string.h>

size_t utf8_sequence(const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *)text;
    unsigned char least = 0x80, most = 0xBF; /* of the second byte */
    size_t bytes;

    if (length == 0)
        return 0;
    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4) /* C0, C1: over-long; above F4: beyond U+10FFFF */
        return 0;
    bytes = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    if (bytes > length)
        return 0;
    if (s[0] == 0xE0)
        least = 0xA0; /* over-long */
    else if (s[0] == 0xED)
        most = 0x9F; /* surrogates */
    else if (s[0] == 0xF0)
        least = 0x90; /* over-long */
    else if (s[0] == 0xF4)
        most = 0x8F; /* beyond U+10FFFF */
    if (s[1] < least || s[1] > most)
        return 0;
    for (size_t i = 2; i < bytes; i++)
        if (s[i] < 0x80 || s[i] > 0xBF)
            return 0;
    return bytes;
}

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

    if (first >= 0x20 && first < 0x7F)
        return 1;
    if (first < 0x80)
        return 0;
    if (first == 0xC2 && length > 1 && (unsigned char)text[1] < 0xA0) /* C1 */
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

void escape_shell(struct buf *out, const char *text)
{
    buf_putc(out, '\'');
    for (;;) {
        size_t plain = strcspn(text, "'");

        buf_add(out, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        buf_puts(out, "'\\''");
        text++;
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

/* U+FFFE and U+FFFF, which no XML 1.0 document may hold. */
static bool is_noncharacter(const char *text, size_t bytes)
{
    return bytes == 3 &&
           (memcmp(text, "\xEF\xBF\xBE", 3) == 0 || memcmp(text, "\xEF\xBF\xBF", 3) == 0);
}

/* What is safe in XML is safe in HTML, too. */
static void escape_markup(struct buf *out, const char *text, size_t length)
{
    size_t at = 0, plain = 0; /* from plain on up to at: not yet appended */

    while (at < length) {
        bool is_space = text[at] == '\n' || text[at] == '\t';
        size_t bytes = is_space ? 1 : printable(text + at, length - at);
        const char *name = bytes == 1 ? entity(text[at]) : NULL;
        bool is_hidden = bytes == 0 || is_noncharacter(text + at, bytes);

        if (name != NULL || is_hidden) {
            buf_add(out, text + plain, at - plain);
            plain = at + (name != NULL || bytes == 0 ? 1 : bytes);
        }
        if (name != NULL)
            buf_puts(out, name);
        for (; is_hidden && at < plain; at++)
            buf_printf(out, "\\x%02X", (unsigned)(unsigned char)text[at]);
        if (!is_hidden)
            at += bytes;
    }
    buf_add(out, text + plain, at - plain);
}

void escape_html(struct buf *out, const char *text, size_t length)
{
    escape_markup(out, text, length);
}

void escape_xml(struct buf *out, const char *text, size_t length)
{
    escape_markup(out, text, length);
}

/* RFC 3339 has four digits for the year. */
static const int64_t first_utc_s = -62167219200; /* 0000-01-01T00:00:00Z */
static const int64_t last_utc_s = 253402300799;  /* 9999-12-31T23:59:59Z */

/* Writes @count decimal digits. */
static void put_digits(char *out, int count, int64_t value)
{
    for (; count > 0; value /= 10)
        out[--count] = (char)('0' + value % 10);
}

void append_utc(struct buf *out, int64_t unix_s)
{
    enum { DAY_S = 86400, DAYS_IN_400_YEARS = 146097 };
    int64_t days, second, year_of_era, day, month, year;
    char text[] = "0000-00-00T00:00:00Z";

    if (unix_s < first_utc_s || unix_s > last_utc_s) {
        buf_printf(out, "%" PRId64, unix_s);
        return;
    }
    /* Days since 1 March of the year -400, so that leap days end years and nothing is negative.
     * gmtime_r() would take a lock of the whole process. */
    days = (unix_s - first_utc_s) / DAY_S + DAYS_IN_400_YEARS - 60;
    second = (unix_s - first_utc_s) % DAY_S;
    year = days / DAYS_IN_400_YEARS * 400 - 400;
    day = days % DAYS_IN_400_YEARS;
    year_of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year_of_era + year_of_era / 4 - year_of_era / 100;
    month = (5 * day + 2) / 153; /* 0: March */
    day = day - (153 * month + 2) / 5 + 1;
    year += year_of_era + (month >= 10);
    month = month < 10 ? month + 3 : month - 9;
    put_digits(text, 4, year);
    put_digits(text + 5, 2, month);
    put_digits(text + 8, 2, day);
    put_digits(text + 11, 2, second / 3600);
    put_digits(text + 14, 2, second / 60 % 60);
    put_digits(text + 17, 2, second % 60);
    buf_add(out, text, sizeof text - 1);
}
