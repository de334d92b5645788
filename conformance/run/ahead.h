/* Plays cases ahead of their judgement: those that are independent of each other at the same time,
 * the others alone, when their turn comes. */
#ifndef SUITE_RUN_AHEAD_H
#define SUITE_RUN_AHEAD_H

#include "play/played.h"
#include "play/pool.h"
#include "run/suite.h"
#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

/* A chosen case that is played. */
struct ahead_case {
    struct played played; /* its answers, from ahead_play() until ahead_free() */
    bool is_given;        /* to the pool */
    bool is_played;       /* and was waited for */
};

struct ahead {
    struct suite_run *run;
    struct pool *pool;
    struct ahead_case *cases; /* one for each chosen case */
    size_t next;              /* the first case that has not been looked at */
};

/* returns HM_OK, HM_INTERNAL, HM_NO_MEMORY */
HM_MUST_USE enum hm_code ahead_init(struct ahead *ahead, struct suite_run *run,
                                    struct hm_error *err);

/* Ends the threads. A zeroed struct is fine. */
void ahead_fini(struct ahead *ahead);

/* Finds the target for a case, and makes it ready. If the run has stopped, nothing is
 * done. */
HM_MUST_USE enum hm_code ahead_find(const struct target **target, struct ahead *ahead,
                                    size_t number, struct hm_error *err);

/* Waits until the case has been played, and returns its answers. NULL: out of memory. */
const struct played *ahead_play(struct ahead *ahead, size_t number);

/* Frees the answers to a case, after waiting for them if it is being played. */
void ahead_free(struct ahead *ahead, size_t number);

/* Appends why a case cannot be run, or nothing. */
void ahead_lacks(struct buf *reason, const struct suite_run *run, size_t number,
                 const struct target *target);

#endif
