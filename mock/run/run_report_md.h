/* The report of `run` for the summary of a CI job: Markdown. */
#ifndef MOCK_RUN_RUN_REPORT_MD_H
#define MOCK_RUN_RUN_REPORT_MD_H

#include "run/run_report_data.h"

/* Appends it; a failure stays in the buffer. */
void report_md(struct buf *out, const struct report *report);

#endif
