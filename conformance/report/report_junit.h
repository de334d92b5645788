/* JUnit XML: a suite for each case file, a test case for each case. Appends the whole document;
 * check buf_ok() after it. */
#ifndef SUITE_REPORT_REPORT_JUNIT_H
#define SUITE_REPORT_REPORT_JUNIT_H

#include "report/verdict.h"
#include "run/suite.h"
#include "support/buf.h"

void report_junit(struct buf *out, const struct suite_run *run, const struct verdict *verdict);

#endif
