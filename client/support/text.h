/* Small questions about text that all three programs ask: UUIDs, integers, escaping. */
#ifndef SUPPORT_TEXT_H
#define SUPPORT_TEXT_H

#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UUID_TEXT = 37, UUID_BYTES = 16 }; /* 36 characters and a NUL */

/* The bytes of a UUID as the contract means it: 8-4-4-4-12 hex digits, any case, version or
 * variant, no braces [T3]. False: it is none, and the bytes are spoilt. */
bool uuid_read(unsigned char bytes[UUID_BYTES], const char *text, size_t length);

/* Is it one? */
bool uuid_is_valid(const char *text, size_t length);

/* The same UUID in lower case, NUL-terminated. @text must be valid. */
void uuid_lower(char out[UUID_TEXT], const char *text);

/* A new random UUID, version 4 (RFC 9562 §5.4), in lower case. False: the system gave no random
 * bytes. */
__attribute__((warn_unused_result)) bool uuid_new(char out[UUID_TEXT]);

/* Random bytes for the UUIDs to come: asking the system for each costs more than making it. Zeroed:
 * none. For one thread, and not to be used on both sides of a fork. */
enum { UUIDS_IN_STOCK = 16 };
struct uuid_stock {
    unsigned char bytes[UUIDS_IN_STOCK][UUID_BYTES];
    size_t left;
};

/* uuid_new() from the stock, which is filled when it is empty. */
__attribute__((warn_unused_result)) bool uuid_draw(char out[UUID_TEXT], struct uuid_stock *stock);

/* The whole text is a decimal integer within [least, most]; an optional sign '+' or '-', no blanks.
 * False leaves *value alone. */
bool text_to_int64(int64_t *value, const char *text, int64_t least, int64_t most);

/* What a hex digit of either case stands for; -1: it is none. */
extern const signed char hex_values[256];
static inline int hex_value(char c)
{
    return hex_values[(unsigned char)c];
}

/* Case-insensitive compare of ASCII letters only, whatever the locale. Most texts differ in their
 * first letter. */
bool text_equal_nocase_whole(const char *a, const char *b);
static inline bool text_equal_nocase(const char *a, const char *b)
{
    return ((*a ^ *b) & ~0x20) == 0 && text_equal_nocase_whole(a, b);
}

/* Shell-style match with '*' and '?' only; case matters. */
bool text_matches_glob(const char *text, const char *pattern);

/* The name of @names that is nearest to @text by edit distance, for "did you mean"; NULL when none
 * is near (more than a third of its letters differ). Borrowed. @names ends with NULL. */
const char *text_nearest(const char *text, const char *const *names);

/* Bytes of the well-formed UTF-8 sequence at the start of @text (no over-long form, no surrogate,
 * at most U+10FFFF); 0: there is none. */
size_t utf8_sequence(const char *text, size_t length);

/* At most @length, where @text, which is longer, can be cut without dividing a UTF-8 sequence. */
static inline size_t utf8_cut(const char *text, size_t length)
{
    while (length > 0 && ((unsigned char)text[length] & 0xC0U) == 0x80U)
        length--;
    return length;
}

/* Appends @length bytes as well-formed UTF-8: those that are none as \xNN, all else as it is. */
void escape_bytes(struct buf *out, const char *text, size_t length);

/* Appends @length bytes made safe for a terminal or a log line: control characters (C0, DEL, C1)
 * and bytes that are not UTF-8 as \xNN, a backslash as it is. */
void escape_terminal(struct buf *out, const char *text, size_t length);

/* The same for a TAP description: also '#' and '\' with a backslash before them. */
void escape_tap(struct buf *out, const char *text, size_t length);

/* The same for HTML, in an element or a quoted attribute: the five characters of markup as
 * entities; line feeds and tabs stay. */
void escape_html(struct buf *out, const char *text, size_t length);

/* The same for XML 1.0; what no document of it may hold is shown as \xNN, too. In an attribute a
 * reader takes line feeds and tabs for blanks. */
void escape_xml(struct buf *out, const char *text, size_t length);

/* Appends a single-quoted POSIX shell word that means exactly @text. */
void escape_shell(struct buf *out, const char *text);

/* Appends Unix seconds as RFC 3339 UTC, "2024-04-16T00:00:00Z"; a time that has no such form as
 * the bare number. */
void append_utc(struct buf *out, int64_t unix_s);

#endif
