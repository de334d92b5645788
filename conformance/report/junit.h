/* JUnit's XML, piece by piece. Nothing is written that the strictest schema of a viewer
 * (xunit-plugin's junit-10.xsd) does not know. */
#ifndef SUITE_REPORT_JUNIT_H
#define SUITE_REPORT_JUNIT_H

#include "support/buf.h"
#include <stddef.h>
#include <stdint.h>

/* The figures that a suite is headed by, and, but for the skipped ones, all of them. */
struct junit_figures {
    size_t tests;
    size_t failures;
    size_t errors;
    size_t skipped;
    int64_t time_ms;
};

/* Appends the declaration and the root's start tag; "</testsuites>" ends it. */
void junit_begin(struct buf *out, const char *name, const struct junit_figures *figures);

void junit_text(struct buf *out, const char *words);
void junit_attribute(struct buf *out, const char *name, const char *words);
void junit_figures_write(struct buf *out, const struct junit_figures *figures);

/* Attribute time, in seconds. */
void junit_time(struct buf *out, int64_t time_ms);

/* Attribute timestamp: RFC 3339 in UTC but without its Z, which the schemas of some viewers refuse.
 */
void junit_timestamp(struct buf *out, int64_t unix_s);

/* An empty element of a test case, "skipped", "error"; @type may be NULL. */
void junit_element(struct buf *out, const char *name, const char *message, const char *type);

#endif
