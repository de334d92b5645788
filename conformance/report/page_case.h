/* One case on the page: what is wrong, what was sent and answered, how to repeat it. */
#ifndef SUITE_REPORT_PAGE_CASE_H
#define SUITE_REPORT_PAGE_CASE_H

#include "judge/result.h"
#include "run/suite.h"
#include "support/buf.h"
#include "support/page.h"

enum page_tone page_case_tone(enum grade grade);

void page_case_write(struct buf *out, const struct suite_run *run, const struct result *result);

#endif
