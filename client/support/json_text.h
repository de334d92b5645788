/* JSON written straight into a buffer, without a tree in between; and a list that grows. */
#ifndef SUPPORT_JSON_TEXT_H
#define SUPPORT_JSON_TEXT_H

#include "support/buf.h"
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Appends a JSON string: quotes, backslashes, control and hidden characters (support/hidden.h)
 * escaped, anything else as it is; @text is UTF-8. */
void json_text_string(struct buf *out, const char *text, size_t length);

/* The same without the quotes: a piece of a string. */
void json_text_piece(struct buf *out, const char *text, size_t length);

/* json_text_string() for a C string; NULL becomes null. */
void json_text_puts(struct buf *out, const char *text);

/* Appends a number in decimal. */
void json_text_integer(struct buf *out, int64_t number);

/* Appends what json_dumps() would make of @tree, with hidden characters escaped, too. NULL, or no
 * memory: fails @out. */
void json_text_tree(struct buf *out, const json_t *tree, size_t flags);

/* Appends a new value. Returns the list; NULL, and both are freed, if @list or @value is NULL or
 * memory is out. */
json_t *json_list_add(json_t *list, json_t *value);

#endif
