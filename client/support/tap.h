/* TAP 14 (testanything.org), line by line. All texts are escaped. */
#ifndef SUPPORT_TAP_H
#define SUPPORT_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

void tap_begin(FILE *out, size_t count);

/* A test point; the printf-style text is its description. @directive is "SKIP" or "todo" with its
 * reason, or NULL. */
void tap_point(FILE *out, size_t number, bool is_ok, const char *directive, const char *reason,
               const char *format, ...) __attribute__((format(printf, 6, 7)));

/* A line: @before as it is, then @text. */
void tap_line(FILE *out, const char *before, const char *text);

/* Of the YAML below a point: "key: 'text'" on one line, and "key: |" with the lines of @text. */
void tap_scalar(FILE *out, const char *indent, const char *key, const char *text);
void tap_block(FILE *out, const char *indent, const char *key, const char *text);

#endif
