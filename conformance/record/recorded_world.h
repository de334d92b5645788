/* A world for heymarket-mock of what was recorded: each contact with the channels that it had
 * before the application wrote, with stand-ins for personal data, and test secrets that are the
 * same in every recording. */
#ifndef SUITE_RECORD_RECORDED_WORLD_H
#define SUITE_RECORD_RECORDED_WORLD_H

#include "contract/mask.h"
#include "record/recorded_contacts.h"
#include "record/stand_ins.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stddef.h>

struct recorded_world {
    json_t *json; /* NULL: out of memory */
    size_t contacts;
    size_t channels;
    size_t inboxes;
    size_t left_out; /* channels and inboxes that break the contract, which a world may not have */
    size_t unseen;   /* contacts whose channels no answer has shown */
};

/* @masking: what may not be in the world; NULL: all may. returns HM_OK, HM_NO_MEMORY; json_decref()
 * @world->json after it */
HM_MUST_USE enum hm_code recorded_world_make(struct recorded_world *world,
                                             const struct recorded_contacts *contacts,
                                             struct stand_ins *stand_ins,
                                             const struct masking *masking, struct hm_error *err);

#endif
