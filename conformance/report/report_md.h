/* report.md: Markdown for the summary of a CI job; and the same findings as annotations. */
#ifndef SUITE_REPORT_REPORT_MD_H
#define SUITE_REPORT_REPORT_MD_H

#include "report/verdict.h"
#include "run/suite.h"
#include "support/buf.h"

/* Appends it; a failure stays in the buffer. */
void report_md(struct buf *out, const struct suite_run *run, const struct verdict *verdict);

/* Writes annotations to standard error where GITHUB_ACTIONS is true. */
void report_annotate(const struct suite_run *run, const struct verdict *verdict);

#endif
