#include "control/control_health.h"

#include "control/control.h"
#include "fault/misbehave.h"
#include "journal/counts.h"
#include "journal/journal.h"
#include "support/monotonic.h"
#include "tls/handshake.h"
#include <jansson.h>

static json_t *counts_json(const struct exchange *x)
{
    const struct figures_shown figures = counts_figures(x->sandbox, x->mock);

    return json_pack("{sI,sI,sI,sI,sI}", "requests", (json_int_t)figures.requests, "accepted",
                     (json_int_t)figures.accepted, "refused", (json_int_t)figures.refused, "warned",
                     (json_int_t)figures.warned, "dropped",
                     (json_int_t)journal_dropped(x->sandbox->journal));
}

/* NULL: out of memory. */
static json_t *urls_json(char *const *urls)
{
    json_t *list = json_array();

    for (; urls != NULL && *urls != NULL; urls++) {
        if (json_array_append_new(list, json_string(*urls)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *health_json(const struct exchange *x)
{
    const struct mock *mock = x->mock;
    const struct misbehaving *misbehaving = x->sandbox->misbehaving;

    return json_pack("{si,ss,ss,sI,sI,ss,so,ss?,so,so}", "v", 1, "status", "ok", "version",
                     hm_version(), "uptime_s",
                     (json_int_t)((monotonic_us() - mock->started_us) / 1000000), "now",
                     (json_int_t)x->now_s, "clock", clock_kind_name(&x->state->clock), "listeners",
                     urls_json(atomic_load(&mock->urls)), "misbehaviour",
                     misbehaving == NULL ? NULL : misbehaving->row->name, "counts", counts_json(x),
                     "handshakes_failed", handshakes_json(&mock->handshakes, false));
}

/* Clients that may not use the control plane only learn that the mock is up. */
static enum step_result health_answer(struct exchange *x)
{
    x->answer.tree =
        control_is_for(x) ? health_json(x) : json_pack("{si,ss}", "v", 1, "status", "ok");
    if (x->answer.tree == NULL)
        return exchange_refuse(x, 500);
    return exchange_answer(x, 200, "", 0, "");
}

const struct operation op_health = { .is_control = true,
                                     .steps = { control_refuse_page, health_answer } };
