/* What a run is told as: written by us, from one array of results. */
#ifndef SUITE_REPORT_SUITE_REPORT_H
#define SUITE_REPORT_SUITE_REPORT_H

#include "judge/verdict.h"
#include "play/suite.h"
#include "support/buf.h"
#include <stdio.h>

/* For a reader: what did not pass, what was seen, what was left out, the verdict last. */
void report_text(FILE *out, const struct run *run, const struct verdict *verdict);

/* TAP 14, a test point for each case, with YAML diagnostics. */
void report_tap(FILE *out, const struct run *run, const struct verdict *verdict);

/* The rest appends a whole document; ask buf_ok() whether it is one. */
enum { REPORT_BYTES_MAX = 256 * 1024 * 1024 };

/* results.json, as fixtures/schemas/results.schema.json says. */
void report_json(struct buf *out, const struct run *run, const struct verdict *verdict);

/* JUnit's XML as CI viewers read it: a suite for each case file, a test case for each case. */
void report_junit(struct buf *out, const struct run *run, const struct verdict *verdict);

/* One self-contained page. */
void report_html(struct buf *out, const struct run *run, const struct verdict *verdict);

enum report_format { REPORT_TEXT, REPORT_TAP, REPORT_JSON };

/* Prints one of them to standard output.
 * returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code report_print(enum report_format format, const struct run *run,
                                      const struct verdict *verdict, struct hm_error *err);

/* Takes a directory for reports before anything is sent, and takes those of an earlier run away.
 * returns HM_OK, HM_BAD_INPUT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code reports_prepare(const char *dir, struct hm_error *err);

/* Writes results.json, junit.xml, report.html and transcript.ndjson.
 * returns HM_OK, HM_INTERNAL (it cannot be written any more), HM_NO_MEMORY */
HM_MUST_USE enum hm_code reports_write(const char *dir, const struct run *run,
                                       const struct verdict *verdict, struct hm_error *err);

#endif
