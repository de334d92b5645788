#include "operation/channel_create.h"

#include "contract/contact_id.h"
#include "exchange/exchange.h"
#include "fault/fault_step.h"
#include "fault/misbehave_check.h"
#include "fault/misbehave_list.h"
#include "fault/misbehave_write.h"
#include "operation/auth.h"
#include "operation/body.h"
#include "store/store.h"
#include "support/uuid.h"

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
    if (contact_id_check(x->route.parameter, x->route.parameter_length, &x->findings)) {
        uuid_lower(x->contact_uuid, x->route.parameter);
        return STEP_NEXT;
    }
    return exchange_refuse(x, 400);
}

static enum step_result contact_id_step(struct exchange *x)
{
    return misbehave_check(x, CHECK_CONTACT_ID, contact_id_is_uuid(x));
}

static enum step_result body_step(struct exchange *x)
{
    return misbehave_check(x, CHECK_BODY, body_check(x));
}

/* [B7] */
static enum step_result contact_find(struct exchange *x)
{
    x->contact = store_find(x->state->store, x->contact_uuid);
    if (x->contact != NULL)
        return STEP_NEXT;
    hm_findings_add(&x->findings, HM_B7_CONTACT_UNKNOWN, "no contact has the UUID %s",
                    x->contact_uuid);
    return exchange_refuse(x, policy_status(&x->state->policy, POLICY_UNKNOWN_CONTACT));
}

static enum step_result team_step(struct exchange *x)
{
    return misbehave_check(x, CHECK_TEAM, team_check(x));
}

static enum hm_code channel_write(struct exchange *x)
{
    enum duplicate_rule rule =
        (enum duplicate_rule)x->state->policy.value[POLICY_DUPLICATE_CHANNEL];
    enum hm_code code = misbehave_write(x);

    if (code != HM_BAD_ARGUMENT)
        return code;
    return store_add_channel(x->state->store, x->contact, &x->values, rule, &x->state->clock,
                             &x->answer.text, &x->channels);
}

/* [B8 R3 R4] */
static enum step_result channel_add(struct exchange *x)
{
    switch (channel_write(x)) {
    case HM_OK:
        return STEP_NEXT;
    case HM_REFUSED:
        hm_findings_add(&x->findings, HM_B8_CHANNEL_EXISTS,
                        "the contact already has a channel with this type and id");
        return exchange_refuse(x, 400);
    default:
        return exchange_refuse(x, 500);
    }
}

/* The whole list, the new channel in it. [R1 R4 R7] */
static enum step_result channel_list_answer(struct exchange *x)
{
    int status = policy_status(&x->state->policy, POLICY_SUCCESS_STATUS);
    size_t length;
    const char *text = channel_view_text(&x->channels, &length);

    exchange_answer(x, status, text, length, "]");
    misbehave_list(x);
    return STEP_ANSWERED;
}

const struct operation op_channel_create = {
    false,
    { fault_at_first, token_step, limit_step, contact_id_step, body_step, fault_before_write,
      contact_find, team_step, channel_add, fault_after_write, channel_list_answer }
};
