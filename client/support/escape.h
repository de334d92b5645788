/* Text made safe for its reader. */
#ifndef SUPPORT_ESCAPE_H
#define SUPPORT_ESCAPE_H

#include "support/buf.h"
#include <stddef.h>

/* Appends @length bytes as well-formed UTF-8: bytes that are not become \xNN. */
void escape_bytes(struct buf *out, const char *text, size_t length);

/* Appends @length bytes made safe for a terminal or a log line: C0 controls, hidden characters
 * (support/hidden.h) and bytes that are not UTF-8 as \xNN, a backslash as it is. */
void escape_terminal(struct buf *out, const char *text, size_t length);

/* The same for a TAP description: also '#' and '\' with a backslash before them. */
void escape_tap(struct buf *out, const char *text, size_t length);

/* The same for HTML and XML 1.0, in an element or a quoted attribute: the five characters of markup
 * as entities; line feeds and tabs stay. */
void escape_markup(struct buf *out, const char *text, size_t length);

/* Appends a quoted POSIX shell word that means exactly @text, and can be shown: line feeds and tabs
 * stay, what a terminal must not see is made by printf. */
void escape_shell(struct buf *out, const char *text);

#endif
