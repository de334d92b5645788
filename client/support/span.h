/* A piece of text that belongs to somebody else, and small questions about it. */
#ifndef SUPPORT_SPAN_H
#define SUPPORT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Borrowed bytes, not NUL-terminated; may contain NULs. */
struct span {
    const char *at;
    size_t length;
};

/* The same text without its first @count bytes, of which there must be that many. */
static inline struct span span_skip(struct span text, size_t count)
{
    return (struct span){ text.at + count, text.length - count };
}

/* ASCII white space, whatever the locale: space, tab, LF, VT, FF, CR. */
static inline bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Is @c one of the characters of @set? NUL never is. */
static inline bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* Without white space at either end. */
struct span span_trim(struct span text);

/* Without spaces and tabs at either end (OWS of RFC 9110, section 5.6.3). */
struct span span_trim_ows(struct span text);

/* Inline, so that the length of a literal is known where it is compared. */
static inline bool span_starts(struct span text, const char *start)
{
    return text.length >= strlen(start) && memcmp(text.at, start, strlen(start)) == 0;
}

/* Exactly @word. */
static inline bool span_is(struct span text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

/* The same, whatever the case of ASCII letters. */
bool span_starts_nocase(struct span text, const char *start);
bool span_is_nocase(struct span text, const char *word);

#endif
