#include "operation/steps.h"

#include "contract/contact_id.h"
#include "fault/fault_step.h"
#include "fault/misbehave_check.h"
#include "operation/auth.h"
#include "operation/body.h"
#include "store/store.h"
#include "support/uuid.h"

/* Without the newest state nothing is right. */
static enum step_result state_step(struct exchange *x)
{
    return x->kept == HM_OK ? STEP_NEXT : exchange_away(x, x->kept);
}

static enum step_result token_step(struct exchange *x)
{
    return misbehave_check(x, CHECK_TOKEN, token_check(x));
}

static enum step_result limit_step(struct exchange *x)
{
    return misbehave_check(x, CHECK_LIMIT, limit_check(x));
}

/* The path's contact id is a UUID. [T3] */
static enum step_result contact_id_is_uuid(struct exchange *x)
{
    const struct span *id = &x->route.parameters[0];

    if (contact_id_check(id->at, id->length, &x->findings)) {
        uuid_lower(x->contact_uuid, id->at);
        return STEP_NEXT;
    }
    return exchange_refuse(x, 400);
}

static enum step_result contact_id_step(struct exchange *x)
{
    if (!x->route.operation->has_contact)
        return STEP_NEXT;
    return misbehave_check(x, CHECK_CONTACT_ID, contact_id_is_uuid(x));
}

/* Where the path has the type, there is no body that has one. [G5] */
static enum step_result type_step(struct exchange *x)
{
    if (!x->route.operation->has_type)
        return STEP_NEXT;
    x->values.type = x->route.parameters[1].at;
    x->values.type_length = x->route.parameters[1].length;
    return STEP_NEXT;
}

static enum step_result body_step(struct exchange *x)
{
    if (!x->route.operation->has_body)
        return STEP_NEXT;
    return misbehave_check(x, CHECK_BODY, body_check(x));
}

/* [B7] */
static enum step_result contact_step(struct exchange *x)
{
    if (!x->route.operation->has_contact)
        return STEP_NEXT;
    x->contact = store_find(x->state->store, x->contact_uuid);
    if (x->contact != NULL)
        return STEP_NEXT;
    hm_findings_add(&x->findings, HM_B7_CONTACT_UNKNOWN, "no contact has the UUID %s",
                    x->contact_uuid);
    return exchange_refuse(x, policy_status(&x->state->policy, POLICY_UNKNOWN_CONTACT));
}

static enum step_result team_step(struct exchange *x)
{
    if (!x->route.operation->has_contact)
        return STEP_NEXT;
    return misbehave_check(x, CHECK_TEAM, team_check(x));
}

static enum step_result act_step(struct exchange *x)
{
    const step_fn act = x->route.operation->act;

    return act == NULL ? STEP_NEXT : act(x);
}

static enum step_result reply_step(struct exchange *x)
{
    return x->route.operation->reply(x);
}

const step_fn api_steps[] = {
    state_step, fault_at_first,    token_step,         limit_step,   contact_id_step,
    type_step,  body_step,         fault_before_write, contact_step, team_step,
    act_step,   fault_after_write, reply_step,         NULL
};
