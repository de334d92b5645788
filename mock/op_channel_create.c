#include "op_channel_create.h"

#include "auth.h"
#include "body.h"
#include "exchange.h"
#include "fault.h"
#include "limit.h"
#include "respond.h"
#include "store.h"

/* The path's contact id is a UUID. [T3] */
static enum step_result contact_id_is_uuid(struct exchange *x)
{
    if (contact_id_check(x->route.parameter, x->route.parameter_length, &x->findings)) {
        uuid_lower(x->contact_uuid, x->route.parameter);
        return STEP_NEXT;
    }
    respond_error(x, 400);
    return STEP_ANSWERED;
}

/* [B7] */
static enum step_result contact_find(struct exchange *x)
{
    x->contact = store_find(x->state->store, x->contact_uuid);
    if (x->contact != NULL)
        return STEP_NEXT;
    hm_findings_add(&x->findings, HM_B7_CONTACT_UNKNOWN, "no contact has the UUID %s",
                    x->contact_uuid);
    respond_error(x, policy_status(&x->state->policy, POLICY_UNKNOWN_CONTACT));
    return STEP_ANSWERED;
}

/* [B8 R3 R4] */
static enum step_result channel_add(struct exchange *x)
{
    enum duplicate_rule rule =
        (enum duplicate_rule)x->state->policy.value[POLICY_DUPLICATE_CHANNEL];

    switch (store_add_channel(x->state->store, x->contact, &x->values, rule, &x->state->clock,
                              &x->scratch, &x->channels)) {
    case HM_OK:
        return STEP_NEXT;
    case HM_REFUSED:
        hm_findings_add(&x->findings, HM_B8_CHANNEL_EXISTS,
                        "the contact has a channel of this type and id already");
        respond_error(x, 400);
        return STEP_ANSWERED;
    default:
        respond_error(x, 500);
        return STEP_ANSWERED;
    }
}

/* The whole list, the new channel in it. [R1 R4 R7] */
static enum step_result channel_list_answer(struct exchange *x)
{
    size_t length;
    const char *text = channel_view_text(&x->channels, &length);

    respond(x, policy_status(&x->state->policy, POLICY_SUCCESS_STATUS), text, length, "]");
    return STEP_ANSWERED;
}

static const step_fn steps[] = {
    token_check, limit_check, contact_id_is_uuid, body_check,          fault_due, contact_find,
    team_check,  channel_add, fault_after,        channel_list_answer, NULL,
};

const struct operation op_channel_create = { "channel_create", false, steps };
