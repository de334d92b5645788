/* What the reports of run, list, signer and client have in common. */
#ifndef SUITE_REPORT_OUTPUT_H
#define SUITE_REPORT_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What --format names. */
enum report_format { REPORT_TEXT, REPORT_TAP, REPORT_JSON };
extern const char *const report_format_words[];

/* Prints text of a server, a file or a command so that it is safe for a terminal, on one line. */
void print_safe(FILE *out, const char *text, size_t length);

/* The same for a whole text; NULL: nothing. */
void print_text(FILE *out, const char *text);

/* A list of the words of a command, "?" for one that is not UTF-8. NULL: out of memory. */
json_t *json_words(char *const *words);

/* Prints @root, compact and with a line end, and frees it. False: @root is NULL, or out of memory.
 */
bool json_print(json_t *root);

#endif
