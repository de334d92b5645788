#include "learn/learn_try.h"
#include "cases/layer.h"
#include "play/channels.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include <string.h>

enum { UNAUTHORIZED = 401, TOO_MANY_REQUESTS = 429, LATE_IN_S_MS = 500, S_MS = 1000 };

int64_t learner_now(const struct learner *learner)
{
    const int64_t in_second_ms = wall_clock_ms() % S_MS;

    if (!learner->has_skew && in_second_ms > LATE_IN_S_MS)
        pace_sleep(S_MS - in_second_ms);
    return target_now(learner->target) + (learner->has_skew ? learner->skew_s : 0);
}

/* The default layer with @patch laid over it. A new reference; NULL: out of memory. */
static json_t *layer_patched(enum layer_kind kind, const char *patch)
{
    json_t *base = layer_base(kind);
    json_t *layer = patch != NULL ? json_loads(patch, 0, NULL) : NULL;
    json_t *result = NULL;

    if (base != NULL && (layer != NULL || patch == NULL))
        result = layer_over(kind, base, layer);
    json_decref(base);
    json_decref(layer);
    return result;
}

static enum trial_body body_of(const struct round_trip *trip)
{
    return trip->answer.body.length == 0 ? BODY_NONE
           : json_is_string(trip->body)  ? BODY_STRING
           : json_is_array(trip->body)   ? BODY_ARRAY
           : json_is_object(trip->body)  ? BODY_OBJECT
                                         : BODY_OTHER;
}

static void trial_read(struct trial *trial, struct learner *learner, const struct round_trip *trip)
{
    if (!trip->was_tried || !round_trip_is_answered(trip))
        return;
    trial->status = trip->answer.status;
    trial->held = channel_times(trip->body, trip->message.sent);
    trial->body = body_of(trip);
    const char *id = json_string_value(json_object_get(trip->body, "channel_id"));
    if (id != NULL && strlen(id) < sizeof trial->channel_id)
        memcpy(trial->channel_id, id, strlen(id) + 1);
    trial->has_date = round_trip_date(&trial->date_s, trip);
    if (trial->has_date) {
        learner->has_skew = true;
        learner->skew_s = trial->date_s - target_now(learner->target);
    }
}

enum hm_code learner_try(struct learner *learner, struct trial *trial, const char *request,
                         const char *token, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct step step = { .request = layer_patched(LAYER_REQUEST, request),
                         .token = layer_patched(LAYER_TOKEN, token) };
    struct round_trip trip = { 0 };

    memset(trial, 0, sizeof *trial);
    if (step.request == NULL || step.token == NULL)
        TRY(no_memory(err));
    TRY(play_step(&trip, &step, "learn", learner->target, learner->player, &learner->marks, err));
    trial_read(trial, learner, &trip);
out:
    round_trip_fini(&trip);
    json_decref(step.request);
    json_decref(step.token);
    return code;
}

static const char bad_body[] = "{\"body_text\":\"{}\"}";

bool is_refusal(int status)
{
    return status / 100 == 4 && status != UNAUTHORIZED && status != TOO_MANY_REQUESTS;
}

enum hm_code learner_calibrate(struct learner *learner, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct trial good;
    struct trial bad;

    TRY(learner_try(learner, &good, bad_body, NULL, err));
    TRY(learner_try(learner, &bad, bad_body, "{\"signature\":{\"flip\":true}}", err));
    learner->is_calibrated = is_refusal(good.status) && bad.status == UNAUTHORIZED;
    learner->bad_body = good.status;
out:
    return code;
}

enum hm_code learner_try_token(struct learner *learner, enum token_fate *fate, struct trial *trial,
                               const char *token, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    bool is_accepted;

    *fate = TOKEN_UNKNOWN;
    TRY(learner_try(learner, trial, learner->is_calibrated ? bad_body : NULL, token, err));
    is_accepted =
        learner->is_calibrated ? trial->status == learner->bad_body : trial->status / 100 == 2;
    if (is_accepted)
        *fate = TOKEN_ACCEPTED;
    else if (trial->status == UNAUTHORIZED)
        *fate = TOKEN_REFUSED;
out:
    return code;
}
