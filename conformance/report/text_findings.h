/* The findings of a run in the text report: the most serious in full, the others in one line. */
#ifndef SUITE_REPORT_TEXT_FINDINGS_H
#define SUITE_REPORT_TEXT_FINDINGS_H

#include "run/suite.h"
#include <stdio.h>

/* A screenful; with --verbose every case in full, then a line for each finding. */
void text_findings(FILE *out, const struct suite_run *run);

#endif
