/* What a reader was told before: a server without X-Request-Id fails every case of T4, and would
 * fill pages with it. */
#ifndef SUITE_REPORT_SHOWN_H
#define SUITE_REPORT_SHOWN_H

#include "judge/result.h"
#include "run/suite.h"

/* The first case that was told the same thing without being asked, @result itself included. NULL:
 * this is the first, or one that was asked for. */
const struct result *shown_before(const struct suite_run *run, const struct result *result,
                                  const struct remark *remark);

/* Does the result say anything that no result before it has said? */
bool shown_is_new(const struct suite_run *run, const struct result *result);

#endif
