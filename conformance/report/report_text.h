/* The report for a reader: what did not pass, what was observed, what was skipped, the verdict
 * last. */
#ifndef SUITE_REPORT_REPORT_TEXT_H
#define SUITE_REPORT_REPORT_TEXT_H

#include "report/verdict.h"
#include "run/suite.h"
#include <stdio.h>

void report_text(FILE *out, const struct suite_run *run, const struct verdict *verdict);

#endif
