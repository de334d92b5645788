#include "fault/misbehave_change.h"
#include "operation/reply.h"
#include "operation/steps.h"
#include "store/store.h"

/* [G2 G3] */
static enum step_result act(struct exchange *x)
{
    enum channel_choice choice =
        (enum channel_choice)x->state->policy.value[POLICY_SEVERAL_OF_TYPE];

    enum hm_code code;

    if (!misbehave_change(&code, x))
        code = store_get_channel(x->state->store, x->contact, &x->values, choice, &x->answer.text,
                                 &x->channels, &x->channel);
    return reply_outcome(x, code);
}

const struct operation op_channel_get = {
    .has_contact = true, .has_type = true, .act = act, .reply = reply_channel
};
