#include "report/observed.h"
#include <stdlib.h>
#include <string.h>

static bool observation_add(struct observations *observations,
                            const struct observation *observation)
{
    struct observation *grown =
        realloc(observations->at, (observations->count + 1) * sizeof *grown);

    if (grown == NULL)
        return false;
    observations->at = grown;
    grown[observations->count++] = *observation;
    return true;
}

/* Adds one for each clause with a named choice that the case observed. */
static bool choices_add(struct observations *observations, const struct result *result)
{
    const struct clause *last = NULL;

    for (size_t i = 0; i < result->remark_count; i++) {
        const struct remark *remark = &result->remarks[i];
        const struct observation choice = {
            remark->clause, true, result, remark, remark->holds, 1
        };

        if (remark->grade != GRADE_OBSERVED || !remark->is_about_choice || remark->clause == last)
            continue;
        last = remark->clause;
        if (!observation_add(observations, &choice))
            return false;
    }
    return true;
}

/* Adds one for a clause if something else than its named choice was observed. */
static bool habit_add(struct observations *observations, const struct suite_run *run,
                      const struct clause *clause)
{
    struct observation habit = { .clause = clause };

    for (size_t i = 0; i < run->result_count; i++) {
        for (size_t j = 0; j < run->results[i].remark_count; j++) {
            const struct remark *remark = &run->results[i].remarks[j];

            if (remark->grade != GRADE_OBSERVED || remark->clause != clause ||
                remark->is_about_choice)
                continue;
            habit.total++;
            habit.held += remark->holds;
            if (!remark->holds && habit.remark == NULL) {
                habit.remark = remark;
                habit.result = &run->results[i];
            }
        }
    }
    return habit.total == 0 || observation_add(observations, &habit);
}

bool observations_make(struct observations *observations, const struct suite_run *run)
{
    const struct clauses *clauses = &run->catalog->clauses;
    bool has_room = true;

    memset(observations, 0, sizeof *observations);
    for (size_t i = 0; i < run->result_count && has_room; i++)
        has_room = choices_add(observations, &run->results[i]);
    for (size_t i = 0; i < clauses->count && has_room; i++) {
        has_room = habit_add(observations, run, &clauses->at[i]);
    }
    return has_room;
}

void observations_fini(struct observations *observations)
{
    free(observations->at);
    memset(observations, 0, sizeof *observations);
}
