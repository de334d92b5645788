/* Remarks that were shown before: a server without X-Request-Id fails every case for T4, and the
 * report need not repeat that. */
#ifndef SUITE_REPORT_SHOWN_H
#define SUITE_REPORT_SHOWN_H

#include "judge/result.h"
#include "run/suite.h"

/* The first case (perhaps @result itself) with the same automatic remark; NULL: this is the
 * first, or it is not automatic. */
const struct result *shown_before(const struct suite_run *run, const struct result *result,
                                  const struct remark *remark);

/* Does the result have a remark that no earlier result has? */
bool shown_is_new(const struct suite_run *run, const struct result *result);

#endif
