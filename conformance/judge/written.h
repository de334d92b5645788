/* What the lists of a run show of refused requests: a value that was sent only in such requests
 * must not be listed [E1-E3]. */
#ifndef SUITE_JUDGE_WRITTEN_H
#define SUITE_JUDGE_WRITTEN_H

#include "cases/clause.h"
#include "judge/result.h"
#include "play/round_trip.h"
#include "recipe/marks.h"
#include "target/target.h"
#include <stdbool.h>
#include <stddef.h>

/* Values that this run made, and texts of lists that look like them. */
struct written {
    struct written_value *values; /* a hash table */
    json_t *contacts;             /* set of the contacts whose list has been seen */
};

/* Notes what a case sent, and what its lists show. @result and @target must outlive @written.
 * False: out of memory. */
bool written_note(struct written *written, struct result *result, const struct target *target,
                  const struct round_trip *trips, const struct marks *marks);

/* Notes a list that no case asked for, but @request, such as "the first request". False: out of
 * memory. */
bool written_note_list(struct written *written, const struct round_trip *trip, const char *request,
                       const struct marks *marks);

/* Was anything sent only in refused requests? */
bool written_has_refused(const struct written *written);

/* Where a refused request was written. */
struct written_breach {
    struct result *result; /* of the case that sent it; the remark has been added */
    const struct target *target;
    size_t step; /* index */
};

/* Adds a remark to the result of each case whose refused request was written, and calls @found. */
void written_judge(const struct written *written, const struct clauses *clauses,
                   void (*found)(void *context, const struct written_breach *breach),
                   void *context);

/* A zeroed struct is fine. */
void written_fini(struct written *written);

#endif
