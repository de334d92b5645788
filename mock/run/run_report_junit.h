/* The report of `run` for CI: JUnit XML. */
#ifndef MOCK_RUN_RUN_REPORT_JUNIT_H
#define MOCK_RUN_RUN_REPORT_JUNIT_H

#include "run/run_report_data.h"

/* Appends it; a failure stays in the buffer. */
void report_junit(struct buf *out, const struct report *report);

#endif
