/* The report of `run` for people: one HTML page. */
#ifndef MOCK_RUN_RUN_REPORT_HTML_H
#define MOCK_RUN_RUN_REPORT_HTML_H

#include "run/run_report_data.h"

/* Appends it; a failure stays in the buffer. */
void report_html(struct buf *out, const struct report *report);

#endif
