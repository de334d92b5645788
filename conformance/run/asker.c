#include "run/asker.h"
#include "cases/layer.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <string.h>

enum hm_code asker_step(struct step *step, const char *request, json_t *token, struct hm_error *err)
{
    json_t *base = layer_base(LAYER_REQUEST);
    json_t *patch = request != NULL ? json_loads(request, 0, NULL) : NULL;

    *step = (struct step){ .request = layer_over(LAYER_REQUEST, base, patch),
                           .token = token != NULL ? json_incref(token) : layer_base(LAYER_TOKEN) };
    const bool is_made = base != NULL && step->request != NULL && step->token != NULL &&
                         (patch != NULL || request == NULL);

    json_decref(base);
    json_decref(patch);
    if (!is_made)
        asker_step_fini(step);
    return is_made ? HM_OK : no_memory(err);
}

void asker_step_fini(struct step *step)
{
    json_decref(step->request);
    json_decref(step->token);
    memset(step, 0, sizeof *step);
}

enum hm_code asker_play(struct round_trip *trip, const struct asker *asker, const struct step *step,
                        struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct case_marks marks = { .run = asker->marks };

    memset(trip, 0, sizeof *trip);
    TRY(play_step(trip, step, "probe", asker->target, asker->player, &marks, err));
    if (!written_note_list(asker->written, trip, "the first request", asker->marks))
        TRY(no_memory(err));
out:
    trip->message.step = NULL;
    return code;
}

enum hm_code asker_send(struct round_trip *trip, const struct asker *asker, const char *request,
                        json_t *token, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct step step;

    memset(trip, 0, sizeof *trip);
    TRY(asker_step(&step, request, token, err));
    TRY(asker_play(trip, asker, &step, err));
out:
    asker_step_fini(&step);
    return code;
}
