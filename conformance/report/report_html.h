/* One self-contained HTML page. Appends the whole document; check buf_ok() after it. */
#ifndef SUITE_REPORT_REPORT_HTML_H
#define SUITE_REPORT_REPORT_HTML_H

#include "report/verdict.h"
#include "run/suite.h"
#include "support/buf.h"

void report_html(struct buf *out, const struct suite_run *run, const struct verdict *verdict);

#endif
