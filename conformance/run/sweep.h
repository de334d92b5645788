/* Deletes what the lists of the contacts show of the run, several channels at the same time. */
#ifndef SUITE_RUN_SWEEP_H
#define SUITE_RUN_SWEEP_H

#include "run/cleaner.h"

/* What the lists of some contacts show. */
struct sweep {
    bool is_whole;   /* the target showed each of them */
    size_t left;     /* channels of the run */
    size_t typeless; /* of these, without a type, so that no path names them [G5] */
    size_t count;    /* of these, channels that may be deleted at the same time */
    size_t capacity;
    struct removal *removals;
};

/* Reads the lists of @contacts; forgets what they showed before. Where the target has no
 * channel_list, an answer to channel_create shows it, and what that created is deleted. */
HM_MUST_USE enum hm_code sweep_look(struct sweep *sweep, struct cleaner *cleaner, json_t *contacts,
                                    struct hm_error *err);

/* Deletes what may be deleted, with the run's --jobs. */
HM_MUST_USE enum hm_code sweep_delete(struct sweep *sweep, struct cleaner *cleaner,
                                      struct hm_error *err);

/* A zeroed struct is fine. */
void sweep_fini(struct sweep *sweep);

#endif
