#include "control/control_health.h"

#include "control/control.h"
#include "database/database.h"
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

/* Can it not serve now, since a database cannot be read or written? @why is not always known. */
static bool is_away(const struct exchange *x, char why[DATABASE_WHY_BYTES])
{
    struct database *database = x->sandbox->slot.database;

    why[0] = '\0';
    return database != NULL && (database->kind->check(database, why) || x->kept != HM_OK);
}

/* NULL: it is kept only in memory. */
static json_t *state_json(const struct exchange *x, const char *why)
{
    struct database *database = x->sandbox->slot.database;

    if (database == NULL)
        return NULL;
    return json_pack("{ss,sb,ss*}", "kind", database->kind->name, "shared",
                     database->kind->is_shared, "away", why);
}

/* @why: what is wrong with the database; NULL: nothing is. */
static json_t *health_json(const struct exchange *x, const char *status, const char *why)
{
    const struct mock *mock = x->mock;
    const struct misbehaving *misbehaving = x->sandbox->misbehaving;
    const bool is_main = x->sandbox == &mock->main;

    return json_pack("{si,ss,ss,sI,sI,ss,so,ss?,so,so,ss*,so*,ss*}", "v", 1, "status", status,
                     "version", hm_version(), "uptime_s",
                     (json_int_t)((monotonic_us() - mock->started_us) / 1000000), "now",
                     (json_int_t)x->now_s, "clock", clock_kind_name(&x->state->clock), "listeners",
                     urls_json(atomic_load(&mock->urls)), "misbehaviour",
                     misbehaving == NULL ? NULL : misbehaving->row->name, "counts", counts_json(x),
                     "handshakes_failed", handshakes_json(&mock->handshakes, false), "replica",
                     mock->replica[0] == '\0' ? NULL : mock->replica, "state", state_json(x, why),
                     "sandbox", is_main ? NULL : x->sandbox->id);
}

/* Clients that may not use the control plane only learn whether the mock can serve. */
static enum step_result health_answer(struct exchange *x)
{
    char why[DATABASE_WHY_BYTES];
    const bool is_good = !is_away(x, why);
    const char *status = is_good ? "ok" : "away";

    x->answer.tree = control_is_for(x) ? health_json(x, status, is_good ? NULL : why)
                                       : json_pack("{si,ss}", "v", 1, "status", status);
    if (x->answer.tree == NULL)
        return exchange_refuse(x, 500);
    return exchange_answer(x, is_good ? 200 : 503, "", 0, "");
}

const struct operation op_health = { .is_control = true,
                                     .steps = { control_refuse_page, health_answer } };
