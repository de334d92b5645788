/* Makes the state to serve from the options and the files that they name, at the start and at
 * SIGHUP. */
#ifndef MOCK_LOAD_H
#define MOCK_LOAD_H

#include "mock_options.h"
#include "store/state.h"

/* Reads all of it anew: clock, profiles, world, rate limit, faults. Nothing is changed when a file
 * is bad.
 * returns HM_OK; HM_BAD_INPUT or HM_BAD_ARGUMENT with the place; HM_NO_MEMORY. @state:
 * state_release() it */
HM_MUST_USE enum hm_code state_load(struct state **state, const struct serve_options *options,
                                    struct hm_error *err);

#endif
