/* From answers to a result. The source of the clause decides: S fails, D fails and is marked
 * secondary, A is asserted on our mock if its value is the one that is expected, and only
 * observed elsewhere. */
#ifndef SUITE_JUDGE_JUDGE_H
#define SUITE_JUDGE_JUDGE_H

#include "cases/clause.h"
#include "contract/operation.h"
#include "judge/result.h"
#include "play/round_trip.h"
#include "recipe/marks.h"
#include "target/target.h"
#include <stdbool.h>
#include <stddef.h>

/* [T4] The X-Request-Ids of the run and their cases. A zeroed struct is empty. */
struct request_ids {
    struct request_id *by_id;
};
void request_ids_fini(struct request_ids *ids);

/* What a judgement needs; all borrowed. */
struct judge {
    const struct clauses *clauses;
    const struct target *target;
    struct request_ids *ids;
    bool is_of_traffic; /* record: an application's requests instead of cases */
};

/* [T4] The answer has X-Request-Id, a UUID that no other answer of the run had. */
void request_id_judge(struct result *result, const struct judge *judge,
                      const struct round_trip *trip, size_t step);

/* Judges a 2xx by what the operation answers. @values: of the request; NULL: not to be judged. */
void answer_judge(struct result *result, const struct judge *judge, const struct round_trip *trip,
                  size_t step, const struct operation *operation,
                  const struct operation_values *values);

/* Judges the answers to all steps of the case of @result. */
void judge_case(struct result *result, const struct judge *judge, const struct round_trip *trips,
                struct case_marks *marks);

/* Turns the failures that the case itself expected into observations about @clause, that of the
 * case that excuses this one. */
void judge_excuse(struct result *result, const struct clause *clause);

/* Can anything in the case be judged or observed on this target? */
bool judge_has_say(const struct test_case *test, const struct target *target);

#endif
