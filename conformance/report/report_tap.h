/* TAP 14: a test point for each case, with YAML diagnostics. */
#ifndef SUITE_REPORT_REPORT_TAP_H
#define SUITE_REPORT_REPORT_TAP_H

#include "report/verdict.h"
#include "run/suite.h"
#include <stdio.h>

void report_tap(FILE *out, const struct suite_run *run, const struct verdict *verdict);

#endif
