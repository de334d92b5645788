/* What a live target is sent, and in which order: the most valuable cases first, and of those that
 * write only as many as the budget has room for. */
#ifndef SUITE_RUN_PLAN_H
#define SUITE_RUN_PLAN_H

#include "cases/catalog.h"
#include "target/target.h"
#include <stdbool.h>
#include <stddef.h>

/* How many requests of a case a right target may accept: what is not to be refused for certain. */
size_t case_writes(const struct test_case *test);

struct plan {
    size_t case_count;    /* that are run */
    size_t request_count; /* their requests, and the first one of a run */
    size_t write_count;   /* of these, accepted at most by a right target */
    size_t left_out;      /* cases that the budget has no room for */
    bool *has_room;       /* for each chosen case, in order */
};

/* Puts the chosen cases into the order of their value: the first of every clause, then the second
 * of every clause, S before D before A.
 * False: out of memory. */
bool plan_order(struct catalog *catalog);

/* Says which of them fit. @reserve: accepted writes that are kept for what is not a case.
 * False: out of memory. */
bool plan_make(struct plan *plan, const struct catalog *catalog, const struct target *target,
               size_t budget, size_t reserve);

/* Appends "122 requests would be sent, ...". */
void plan_describe(struct buf *out, const struct plan *plan, size_t budget);

/* A zeroed struct is fine. */
void plan_fini(struct plan *plan);

#endif
