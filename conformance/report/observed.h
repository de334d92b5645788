/* What a target does where the contract is silent: A clauses, observed and not judged. */
#ifndef SUITE_REPORT_OBSERVED_H
#define SUITE_REPORT_OBSERVED_H

#include "cases/clause.h"
#include "judge/result.h"
#include "run/suite.h"
#include <stdbool.h>
#include <stddef.h>

/* For a named choice: what one case saw. For what else a clause leaves open: how many answers are
 * as our mock's, and the first that is not. */
struct observation {
    const struct clause *clause;
    bool is_choice;
    const struct result *result; /* NULL: every answer is as our mock's */
    const struct remark *remark; /* NULL like result */
    size_t held;
    size_t total;
};

struct observations {
    size_t count;
    struct observation *at; /* named choices in the order of cases, then the others by clause */
};

/* False: out of memory. Always call observations_fini() after it. */
__attribute__((warn_unused_result)) bool observations_make(struct observations *observations,
                                                           const struct suite_run *run);
void observations_fini(struct observations *observations);

#endif
