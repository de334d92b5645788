/* JUnit's XML, piece by piece. Writes only what the strictest schema of a viewer (xunit-plugin's
 * junit-10.xsd) allows. All texts are escaped. */
#ifndef SUPPORT_JUNIT_H
#define SUPPORT_JUNIT_H

#include "support/buf.h"
#include <stddef.h>
#include <stdint.h>

struct junit_figures {
    size_t tests;
    size_t failures;
    size_t errors;
    size_t skipped;
    int64_t time_ms;
};

/* The declaration and the root's start tag; its end tag. */
void junit_begin(struct buf *out, const char *name, const struct junit_figures *figures);
void junit_end(struct buf *out);

/* A testsuite's start tag without its ">", so that attributes can follow; its end tag. */
void junit_suite_begin(struct buf *out, const char *name, const struct junit_figures *figures,
                       int64_t unix_s);
void junit_suite_end(struct buf *out);

/* A testcase's start tag; its end tag. */
void junit_case_begin(struct buf *out, const char *class_name, const char *name, int64_t time_ms);
void junit_case_end(struct buf *out);

/* What a testcase holds: "failure", "error", "skipped". @type and @text may be NULL. */
void junit_element(struct buf *out, const char *name, const char *message, const char *type,
                   const char *text);

void junit_text(struct buf *out, const char *text);
void junit_attribute(struct buf *out, const char *name, const char *value);

#endif
