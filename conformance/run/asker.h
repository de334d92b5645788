/* Requests outside the cases, sent to find out why a target refused the first one. */
#ifndef SUITE_RUN_ASKER_H
#define SUITE_RUN_ASKER_H

#include "judge/written.h"
#include "play/player.h"
#include "recipe/marks.h"
#include "target/target.h"
#include <heymarket/error.h>
#include <jansson.h>

/* All borrowed. */
struct asker {
    const struct target *target;
    struct player *player;
    struct marks *marks;
    struct written *written; /* gets the lists of the answers */
};

/* A patch of the default request whose body is {}: refused only after the token, and never
 * written [B1]. */
#define ASKER_HARMLESS "{\"body_text\":\"{}\"}"

/* The default request with @request (JSON text of a patch; NULL: none) laid over it, and the token
 * of
 * @token (a checked and merged recipe; NULL: the right one). Call asker_step_fini() after it.
 * returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code asker_step(struct step *step, const char *request, json_t *token,
                                    struct hm_error *err);

/* A zeroed struct is fine. */
void asker_step_fini(struct step *step);

/* Sends the step. After a 429 it waits and sends again. Call round_trip_fini() after it.
 * returns HM_OK; HM_BAD_INPUT: the recipe cannot be followed with these names; HM_NO_MEMORY,
 * HM_INTERNAL */
HM_MUST_USE enum hm_code asker_play(struct round_trip *trip, const struct asker *asker,
                                    const struct step *step, struct hm_error *err);

/* Makes the step and sends it. */
HM_MUST_USE enum hm_code asker_send(struct round_trip *trip, const struct asker *asker,
                                    const char *request, json_t *token, struct hm_error *err);

#endif
