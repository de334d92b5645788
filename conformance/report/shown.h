/* What a report for readers shows only once, or in short: a server without X-Request-Id fails every
 * case for T4, and the report need not repeat that. */
#ifndef SUITE_REPORT_SHOWN_H
#define SUITE_REPORT_SHOWN_H

#include "judge/result.h"
#include "run/suite.h"
#include <stdbool.h>
#include <stddef.h>

/* The first case (perhaps @result itself) with the same automatic remark; NULL: this is the
 * first, or it is not automatic. */
const struct result *shown_before(const struct suite_run *run, const struct result *result,
                                  const struct remark *remark);

/* Does the result have a remark that no earlier result has? */
bool shown_is_new(const struct suite_run *run, const struct result *result);

/* Was the case skipped for this reason? */
bool skipped_for(const struct result *result, const char *reason);

/* Is it a skipped case, and the first with its reason? */
bool skipped_is_first(const struct suite_run *run, const struct result *result);

/* The bytes of an actual value that a list shows: without the body after a status, and at most
 * @most, not within a UTF-8 character. */
size_t seen_length(const char *actual, size_t most);

/* "..." if these bytes end within the value. */
const char *seen_end(const char *actual, size_t length);

#endif
