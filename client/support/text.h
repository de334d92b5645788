/* Small questions about text that all three programs ask: integers, letters, UTF-8. */
#ifndef SUPPORT_TEXT_H
#define SUPPORT_TEXT_H

#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole text is a decimal integer within [least, most]; an optional sign, no spaces.
 * False leaves *value alone. */
bool text_to_int64(int64_t *value, const char *text, int64_t least, int64_t most);

/* The value of a hex digit of either case; -1: it is not one. */
extern const signed char hex_values[256];
static inline int hex_value(char c)
{
    return hex_values[(unsigned char)c];
}

/* The value of two hex digits; -1: they are not. Does not read past a NUL. */
static inline int hex_byte(const char *digits)
{
    int high = hex_value(digits[0]), low = high < 0 ? -1 : hex_value(digits[1]);

    return low < 0 ? -1 : high * 16 + low;
}

/* Is @word in @list, whose words are separated by commas, spaces or tabs? Letter case is ignored.
 */
bool text_lists_word(const char *list, const char *word);

/* Case-insensitive compare of ASCII letters only, whatever the locale. Most texts differ in their
 * first letter. */
bool text_equal_nocase_whole(const char *a, const char *b);
static inline bool text_equal_nocase(const char *a, const char *b)
{
    return ((*a ^ *b) & ~0x20) == 0 && text_equal_nocase_whole(a, b);
}

/* What follows the name of @count things: "", "s". */
static inline const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Shell-style match with '*' and '?' only; case matters. */
bool text_matches_glob(const char *text, const char *pattern);

/* The name of @names that is nearest to @text by edit distance, for "did you mean"; NULL when none
 * is near (more than a third of its letters differ). Borrowed. @names ends with NULL. */
const char *text_nearest(const char *text, const char *const *names);

/* Bytes of the well-formed UTF-8 sequence at the start of @text (no over-long form, no surrogate,
 * at most U+10FFFF); 0: there is none. */
size_t utf8_sequence(const char *text, size_t length);

/* Bytes at the start of @text that are well-formed UTF-8. */
static inline size_t utf8_prefix(const char *text, size_t length)
{
    size_t at = 0, bytes;

    while (at < length && (bytes = utf8_sequence(text + at, length - at)) > 0)
        at += bytes;
    return at;
}

/* At most @length, where @text, which is longer, can be cut without dividing a UTF-8 sequence. */
static inline size_t utf8_cut(const char *text, size_t length)
{
    while (length > 0 && ((unsigned char)text[length] & 0xC0U) == 0x80U)
        length--;
    return length;
}

/* Do Unix seconds have a date in RFC 3339, in the years 0 to 9999? */
bool has_utc(double unix_s);

/* Appends Unix seconds as RFC 3339 UTC, "2024-04-16T00:00:00Z"; a time that has no such form as
 * the bare number. */
void append_utc(struct buf *out, int64_t unix_s);

#endif
