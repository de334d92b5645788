/* What is sent to a live target, and in which order: first what a correct target refuses, then what
 * it writes, as far as the budget allows; the most valuable cases first. */
#ifndef SUITE_RUN_PLAN_H
#define SUITE_RUN_PLAN_H

#include "cases/catalog.h"
#include "target/target.h"
#include <stdbool.h>
#include <stddef.h>

struct plan {
    size_t case_count;    /* cases that are run */
    size_t request_count; /* of these cases, and the probe */
    size_t write_count;   /* the most of these that a correct target accepts */
    size_t left_out;      /* cases that exceed the budget */
    size_t cleanup_count; /* the most requests that cleanup_run() adds */
    bool *has_room;       /* for each chosen case, in order */
};

/* Sorts the chosen cases: those that write after all others, and by value: the first case of every
 * clause, then the second of every clause, S before D before A. False: out of memory. */
bool plan_order(struct catalog *catalog);

#define PLAN_LEAVES                                                                                \
    "a budget below 3 is too small to delete what is created; give --budget 3 or more, or --keep"

/* The writes that are kept for cleanup_run(), with which it proves what a deletion means. 0:
 * @keeps, the run deletes nothing, or the budget has no room for them after the first request. */
size_t plan_cleanup_reserve(size_t budget, bool keeps);

/* The writes that may be accepted before those of the reserve: at least the first request and one
 * that should have been refused, if the budget has that many. */
size_t plan_limit(size_t budget, size_t reserve);

/* Decides which cases fit. @reserve: writes that are kept for other requests. A case that a correct
 * target refuses needs one write to spare, which may be one of the reserve. False: out of
 * memory. */
bool plan_make(struct plan *plan, const struct catalog *catalog, const struct target *target,
               size_t budget, size_t reserve);

/* Appends "122 requests would be sent, ...". @keeps: the run deletes nothing. */
void plan_describe(struct buf *out, const struct plan *plan, size_t budget, bool keeps);

/* May a correct target accept the request, so that it writes? */
bool plan_may_be_accepted(const struct step *step);

/* A zeroed struct is fine. */
void plan_fini(struct plan *plan);

#endif
