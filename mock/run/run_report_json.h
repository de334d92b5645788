/* The report of `run` for programs: one object, run-report.schema.json. */
#ifndef MOCK_RUN_RUN_REPORT_JSON_H
#define MOCK_RUN_RUN_REPORT_JSON_H

#include "run/run_report_data.h"

/* Appends it; a failure stays in the buffer. */
void report_json(struct buf *out, const struct report *report);

#endif
