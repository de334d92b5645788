/* A finding in the HTML report: what differs, which cases have it, and what its first case sent and
 * received. */
#ifndef SUITE_REPORT_PAGE_FINDING_H
#define SUITE_REPORT_PAGE_FINDING_H

#include "judge/findings.h"
#include "run/suite.h"
#include "support/buf.h"
#include "support/page.h"

/* The colour of a grade. */
enum page_tone page_grade_tone(enum grade grade);

/* Appends the id of the finding's card. */
void page_finding_id(struct buf *out, const struct finding *finding);

void page_finding_write(struct buf *out, const struct suite_run *run,
                        const struct finding *finding);

#endif
