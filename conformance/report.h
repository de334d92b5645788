/* What a run is told as: written by us, from one array of results. */
#ifndef REPORT_H
#define REPORT_H

#include "run.h"
#include "verdict.h"
#include <stdio.h>

/* For a reader: what did not pass, what was seen, what was left out, the verdict last. */
void report_text(FILE *out, const struct run *run, const struct verdict *verdict);

/* TAP 14, a test point for each case, with YAML diagnostics. */
void report_tap(FILE *out, const struct run *run, const struct verdict *verdict);

#endif
