/* Requests of the cleanup: about one type of a contact each, and which channels are the run's. */
#ifndef SUITE_RUN_CLEANER_H
#define SUITE_RUN_CLEANER_H

#include "contract/operation.h"
#include "run/asker.h"
#include "run/suite.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct cleaner {
    struct suite_run *run;
    struct asker asker;
    int64_t until_ms;  /* monotonic; 0: no limit */
    int failures;      /* so far; after three the target seems to be away */
    bool is_over;      /* nothing more is sent */
    bool is_alike;     /* channel_delete removes the channel that channel_get shows, and only it */
    bool means_newest; /* of several channels of a type they mean the newest [G3] */
};

/* The step for an operation, a contact and a type; asker_step_fini() frees it. */
HM_MUST_USE enum hm_code cleaner_step(struct step *step, const struct cleaner *cleaner,
                                      enum operation_id id, const char *contact, const char *type,
                                      struct hm_error *err);

/* Sends the same. Call round_trip_fini() after it. */
HM_MUST_USE enum hm_code cleaner_ask(struct round_trip *trip, struct cleaner *cleaner,
                                     enum operation_id id, const char *contact, const char *type,
                                     struct hm_error *err);

/* No answer, or 5xx: sent again, the request may succeed. */
bool cleaner_failed(const struct round_trip *trip);

/* Takes from an answer, or its absence, whether the cleanup goes on. */
void cleaner_note(struct cleaner *cleaner, const struct round_trip *trip);

/* Is this channel (JSON) of the answer older than the run, by the target's own clock? */
enum age { AGE_UNKNOWN, AGE_OLD, AGE_NEW };
enum age cleaner_age(const struct cleaner *cleaner, const struct round_trip *trip, json_t *channel);

/* Did the run create it? Its type or its value is one that the run made, or it wrote this value,
 * and the channel is not older than the run. */
bool cleaner_is_own(const struct cleaner *cleaner, const struct round_trip *trip, json_t *channel);

#endif
