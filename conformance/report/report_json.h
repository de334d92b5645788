/* results.json (fixtures/schemas/results.schema.json). Appends the whole document; check buf_ok()
 * after it. */
#ifndef SUITE_REPORT_REPORT_JSON_H
#define SUITE_REPORT_REPORT_JSON_H

#include "report/verdict.h"
#include "run/suite.h"
#include "support/buf.h"

void report_json(struct buf *out, const struct suite_run *run, const struct verdict *verdict);

#endif
