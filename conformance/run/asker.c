#include "run/asker.h"
#include "cases/layer.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <string.h>

enum hm_code asker_send(struct round_trip *trip, const struct asker *asker, const char *request,
                        json_t *token, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *base = layer_base(LAYER_REQUEST);
    json_t *patch = request != NULL ? json_loads(request, 0, NULL) : NULL;
    struct step step = { .request = layer_over(LAYER_REQUEST, base, patch),
                         .token = token != NULL ? json_incref(token) : layer_base(LAYER_TOKEN) };
    struct case_marks marks = { .run = asker->marks };

    memset(trip, 0, sizeof *trip);
    if (base == NULL || step.request == NULL || step.token == NULL ||
        (patch == NULL && request != NULL))
        TRY(no_memory(err));
    TRY(play_step(trip, &step, "probe", asker->target, asker->player, &marks, err));
    if (!written_note_list(asker->written, trip, "the first request", asker->marks))
        TRY(no_memory(err));
out:
    trip->message.step = NULL;
    json_decref(base);
    json_decref(patch);
    json_decref(step.request);
    json_decref(step.token);
    return code;
}
