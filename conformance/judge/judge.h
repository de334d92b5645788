/* From answers to a result, by the source of the clause and never by the case: S fails, D fails and
 * is secondary, A is asserted on our mock where the value in force is the one that the expectation
 * is for, and only observed elsewhere. */
#ifndef SUITE_JUDGE_JUDGE_H
#define SUITE_JUDGE_JUDGE_H

#include "cases/clause.h"
#include "judge/result.h"
#include "play/round_trip.h"
#include "recipe/marks.h"
#include "target/target.h"
#include <stdbool.h>
#include <stddef.h>

/* The X-Request-Ids of the run and the cases that got them [T4]. */
struct request_ids {
    size_t count;
    size_t capacity;
    struct request_id *at;
};
void request_ids_fini(struct request_ids *ids);

/* What a judgement draws on; all borrowed. */
struct judge {
    const struct clauses *clauses;
    const struct target *target;
    struct request_ids *ids;
};

/* Adds to @result what the answers to all steps of its case are worth. */
void judge_case(struct result *result, const struct judge *judge, const struct round_trip *trips,
                struct case_marks *marks);

/* Takes what the case itself expected, and did not find, for observed. */
void judge_excuse(struct result *result);

/* Is there anything in the case that this target could be judged or observed by? */
bool judge_has_say(const struct test_case *test, const struct target *target);

#endif
