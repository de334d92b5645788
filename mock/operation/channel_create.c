#include "fault/misbehave_write.h"
#include "operation/reply.h"
#include "operation/steps.h"
#include "store/store.h"

/* [B8 R3 R4] */
static enum step_result act(struct exchange *x)
{
    enum duplicate_rule rule =
        (enum duplicate_rule)x->state->policy.value[POLICY_DUPLICATE_CHANNEL];
    enum hm_code code;

    if (!misbehave_write(&code, x))
        code = store_add_channel(x->state->store, x->contact, &x->values, rule, exchange_utc(x),
                                 &x->answer.text, &x->channels);
    return reply_outcome(x, code);
}

/* The whole list, the new channel in it. [R1 R4 R7] */
static enum step_result reply(struct exchange *x)
{
    return reply_list(x, policy_status(&x->state->policy, POLICY_SUCCESS_STATUS));
}

const struct operation op_channel_create = {
    .has_contact = true, .has_body = true, .act = act, .reply = reply
};
