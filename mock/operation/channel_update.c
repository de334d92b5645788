#include "fault/misbehave_change.h"
#include "operation/reply.h"
#include "operation/steps.h"
#include "store/store.h"

/* [U1 U2 U3 U5] */
static enum step_result act(struct exchange *x)
{
    const int64_t *value = x->state->policy.value;

    enum hm_code code;

    if (!misbehave_change(&code, x))
        code = store_update_channel(x->state->store, x->contact, &x->values,
                                    (enum channel_choice)value[POLICY_SEVERAL_OF_TYPE],
                                    (enum duplicate_rule)value[POLICY_DUPLICATE_CHANNEL],
                                    exchange_utc(x), &x->answer.text, &x->channels, &x->channel);
    return reply_outcome(x, code);
}

/* [U4] */
static enum step_result reply(struct exchange *x)
{
    return x->state->policy.value[POLICY_UPDATE_ANSWER] == UPDATE_ANSWERS_CHANNEL
               ? reply_channel(x)
               : reply_list(x, 200);
}

const struct operation op_channel_update = {
    .has_contact = true, .has_body = true, .act = act, .reply = reply
};
