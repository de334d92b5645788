/* What only the whole run shows: refused requests that were written. */
#ifndef SUITE_RUN_AFTERMATH_H
#define SUITE_RUN_AFTERMATH_H

#include "run/suite.h"
#include <heymarket/error.h>
#include <stddef.h>

/* Gets the lists once more from a named target that is not live, and judges what was written.
 * returns HM_OK, HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code aftermath_judge(struct suite_run *run, struct hm_error *err);

/* Makes the curl lines up to step @last again and keeps them with the result, which is judged
 * without its answers. */
void aftermath_repeat(struct suite_run *run, struct result *result, const struct target *target,
                      size_t last);

#endif
