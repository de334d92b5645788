/* What a target does where the contract is silent: the A clauses, observed and never judged. */
#ifndef SUITE_REPORT_OBSERVED_H
#define SUITE_REPORT_OBSERVED_H

#include "cases/clause.h"
#include "judge/result.h"
#include "run/suite.h"
#include <stdbool.h>
#include <stddef.h>

/* Of a clause whose choice has a name: what one case saw. Of one that is fixed in our mock: in how
 * many answers it is as in our mock, and the first that is otherwise. */
struct observation {
    const struct clause *clause;
    const struct result *result; /* NULL: every answer is as our mock's */
    const struct remark *remark; /* the same */
    size_t held;
    size_t total;
};

struct observations {
    size_t count;
    struct observation *at; /* named choices in the order of cases, then fixed ones by clause */
};

/* False: out of memory. observations_fini() it in every case. */
__attribute__((warn_unused_result)) bool observations_make(struct observations *observations,
                                                           const struct suite_run *run);
void observations_fini(struct observations *observations);

#endif
