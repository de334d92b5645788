/* The results of the scenarios, printed and as files. */
#ifndef SUITE_CERTIFY_CERTIFY_REPORT_H
#define SUITE_CERTIFY_CERTIFY_REPORT_H

#include "certify/certify_scenarios.h"
#include "report/output.h"
#include "support/report_dir.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct certify_row {
    const struct scenario *scenario; /* NULL: the last row, about the output of all runs */
    struct certify_verdict verdict;
    size_t requests;
    int64_t time_ms;
};

enum { CERTIFY_ROWS_MAX = 32 };

struct certify_report {
    char *const *argv;
    size_t row_count;
    struct certify_row rows[CERTIFY_ROWS_MAX];
    bool is_strict;
    int exit_code;
    int64_t started_s; /* Unix time */
};

/* Claims a directory for reports before anything is run, and removes the reports of an earlier
 * run.
 * returns HM_OK, HM_BAD_INPUT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code certify_reports_prepare(const struct report_place *place,
                                                 struct hm_error *err);

/* Writes results.json (as --format json prints it) and junit.xml.
 * returns HM_OK, HM_INTERNAL: it can no longer be written, HM_NO_MEMORY */
HM_MUST_USE enum hm_code certify_reports_write(const struct report_place *place,
                                               const struct certify_report *report,
                                               struct hm_error *err);

/* Prints the report. False: out of memory. */
bool certify_print(const struct certify_report *report, enum report_format format);

#endif
