/* Where things stand in a JSON text: a scanner for tokens, and the way from a JSON pointer to its
 * place. Knows no more grammar than that brackets pair up; jansson judges the text. */
#ifndef SUPPORT_JSON_POSITION_H
#define SUPPORT_JSON_POSITION_H

#include "support/json_file.h"

enum json_token_kind {
    JSON_TOKEN_END,
    JSON_TOKEN_MARK,   /* one of {}[]:, */
    JSON_TOKEN_STRING, /* with its quotes; one that does not end goes up to the end of its line */
    JSON_TOKEN_WORD,   /* a number, a literal, or what somebody took for one */
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

/* The next token; JSON_TOKEN_END for ever at the end. */
struct json_token json_scan_next(struct json_scan *scan);

/* Is it a byte of the set? NUL never is. */
bool json_is_one_of(char c, const char *set);

struct json_place {
    size_t line, column; /* from 1; the column in bytes */
};

struct json_place json_place_at(const char *text, size_t offset);

enum json_spot { JSON_SPOT_VALUE, JSON_SPOT_KEY };

/* Bytes from the start of the text to the node's value, or to the key of a member. For a node
 * without a value: to its nearest ancestor that has one. */
size_t json_node_offset(const struct json_node *node, enum json_spot spot);

/* How many steps the node is away from the root, and the ancestor that is @depth steps away. */
size_t json_node_depth(const struct json_node *node);
const struct json_node *json_node_ancestor(const struct json_node *node, size_t depth);

/* Turns what jansson found wrong with file->text (root is NULL) into one sentence with its place.
 * returns HM_BAD_INPUT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code json_complain_syntax(const struct json_file *file,
                                              const json_error_t *fault, struct hm_error *err);

/* Fills err with "FILE:LINE:COL: " and the text, escaped for a terminal. Returns HM_BAD_INPUT. */
enum hm_code json_complain_at(const struct json_file *file, size_t offset, struct hm_error *err,
                              const char *text);

#endif
