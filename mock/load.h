/* Makes the state to serve from the options and the files that they name, at the start and at
 * SIGHUP. */
#ifndef MOCK_LOAD_H
#define MOCK_LOAD_H

#include "mock_options.h"
#include "store/state.h"
#include "store/world_kept.h"

/* Where the state is kept, and how what is kept differs from the files. */
struct state_source {
    struct database *database; /* NULL: it is in memory alone */
    struct world_changes changes;
};

/* Reads all of it anew: clock, profiles, world, rate limit, faults. Nothing is changed when a file
 * is bad.
 * returns HM_OK; HM_BAD_INPUT or HM_BAD_ARGUMENT with the place; HM_NO_MEMORY. @state:
 * state_release() it */
HM_MUST_USE enum hm_code state_load(struct state **state, const struct serve_options *options,
                                    struct hm_error *err);

/* The same; teams and contacts are those that the database keeps, with those that are new in the
 * files. @source NULL: as above. */
HM_MUST_USE enum hm_code state_load_from(struct state **state, const struct serve_options *options,
                                         struct state_source *source, struct hm_error *err);

/* After state_keep() or state_reload(): what the options say explicitly wins over what was kept,
 * unless other mocks share it. The same errors, and those of state_change(). */
HM_MUST_USE enum hm_code state_override(struct state_slot *slot,
                                        const struct serve_options *options, struct hm_error *err);

#endif
