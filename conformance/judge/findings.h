/* What is wrong with a target, each deviation once. Remarks of many cases belong to one finding if
 * they have the same grade and clause and differ in the same way: a server without X-Request-Id
 * fails every case by T4, which is one finding. */
#ifndef SUITE_JUDGE_FINDINGS_H
#define SUITE_JUDGE_FINDINGS_H

#include "cases/clause.h"
#include "judge/result.h"
#include <stdbool.h>
#include <stddef.h>

struct finding {
    enum grade grade;            /* warned, known, failed or broken */
    const struct clause *clause; /* NULL: a rule of HTTP, or broken */
    enum clause_source source;   /* of the part of the clause that is broken */
    size_t number;               /* from 1, as in remark.finding and result.finding */
    size_t count;                /* cases that have it */
    const struct result *first;  /* the first of them */
    const struct remark *remark; /* its remark; NULL: broken, see first->reason */
    char *key;                   /* equal for remarks of the same finding */
    const struct result *last;   /* the last case that was counted */
};

/* The most serious first: broken, failed, warned, known; S before D before A; then the one with the
 * most cases. */
struct findings {
    size_t count;
    struct finding *at;
};

/* Finds them, and sets the numbers in the results, which must outlive them. False: out of memory.
 * Always call findings_fini() after it. */
__attribute__((warn_unused_result)) bool findings_make(struct findings *findings,
                                                       struct result *results, size_t count);

/* For results that come one by one: counts those of one more, which must outlive the findings if
 * findings->count grew. findings_order() at the end sorts as findings_make() does. A zeroed struct
 * is empty. False: out of memory. */
__attribute__((warn_unused_result)) bool findings_add(struct findings *findings,
                                                      struct result *result);
void findings_order(struct findings *findings);

void findings_fini(struct findings *findings);

/* Does the case belong to the finding? */
bool finding_has(const struct finding *finding, const struct result *result);

/* The number of the most serious finding that the case belongs to; 0: none. */
size_t finding_gravest(const struct result *result);

#endif
