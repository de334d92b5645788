/* The tokens of a JSON text and their places. Knows no grammar; jansson judges the text. */
#ifndef SUPPORT_JSON_SCAN_H
#define SUPPORT_JSON_SCAN_H

#include <stddef.h>

enum json_token_kind {
    JSON_TOKEN_END,
    JSON_TOKEN_MARK,   /* one of {}[]:, */
    JSON_TOKEN_STRING, /* with its quotes; an unterminated one ends at the end of its line */
    JSON_TOKEN_WORD,   /* a number, a literal, or an unquoted word */
    JSON_TOKEN_STRAY   /* any other character */
};

struct json_token {
    enum json_token_kind kind;
    size_t at; /* bytes from the start of the text */
    size_t length;
};

struct json_scan {
    const char *text;
    size_t length;
    size_t at;
};

/* The next token; at the end always JSON_TOKEN_END. */
struct json_token json_scan_next(struct json_scan *scan);

struct json_place {
    size_t line, column; /* from 1; the column in bytes */
};

struct json_place json_place_at(const char *text, size_t offset);

/* How many values the text has, if it is JSON: about one after each bracket or comma outside
 * strings. A tree takes up to a hundred times as much memory as its text, so this is asked first.
 */
size_t json_values_count(const char *text, size_t length);

#endif
