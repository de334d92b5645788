/* What all commands need to print, for people and as JSON. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <jansson.h>
#include <stdio.h>

/* Prints a JSON document on one line and frees it. NULL is reported as out of memory. Returns an
 * exit code. */
int print_json(json_t *document);

/* Any text as a JSON string: bytes that are not UTF-8 are escaped first. A new reference; NULL: out
 * of memory. */
json_t *json_text(const char *text, size_t length);

/* Tells a person at a terminal that the program waits for input; without one, does nothing. */
void print_waiting(void);

/* Columns on a terminal, approximately: code points. */
size_t print_width(const char *text, size_t length);

/* Prints text broken at 80 columns between words. The first line begins where the cursor is, at
 * @column; the others are indented to @indent. Ends with a line break. */
void print_wrapped(FILE *out, const char *text, size_t column, size_t indent);

/* "12 s", "4 min 10 s", "3 h 2 min", "589 d 4 h": two units at most. */
struct duration {
    char text[40];
};
struct duration duration(double seconds);

/* "12 s ago", "5 min in the future", "just now". */
struct duration ago(double seconds);

#endif
