/* What reports for readers show once, or in short: reasons for skipping, and answers. */
#ifndef SUITE_REPORT_SHOWN_H
#define SUITE_REPORT_SHOWN_H

#include "judge/result.h"
#include "run/suite.h"
#include <stdbool.h>
#include <stddef.h>

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
