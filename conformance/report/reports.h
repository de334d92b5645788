/* The reports of a run: one printed, and files. */
#ifndef SUITE_REPORT_REPORTS_H
#define SUITE_REPORT_REPORTS_H

#include "report/output.h"
#include "report/verdict.h"
#include "run/suite.h"
#include "support/report_dir.h"
#include <heymarket/error.h>

/* Prints one of them to standard output.
 * returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code report_print(enum report_format format, const struct suite_run *run,
                                      const struct verdict *verdict, struct hm_error *err);

/* Claims a directory for reports before anything is sent, and removes the reports of an earlier
 * run.
 * returns HM_OK, HM_BAD_INPUT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code reports_prepare(const struct report_place *place, struct hm_error *err);

/* Writes results.json, junit.xml, report.html, report.md and transcript.ndjson.
 * returns HM_OK, HM_INTERNAL: it can no longer be written, HM_NO_MEMORY */
HM_MUST_USE enum hm_code reports_write(const struct report_place *place,
                                       const struct suite_run *run, const struct verdict *verdict,
                                       struct hm_error *err);

#endif
