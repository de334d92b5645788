#include "operation/reply.h"
#include "operation/steps.h"
#include "store/store.h"

/* [L1] */
static bool is_absent(const struct exchange *x)
{
    return x->state->policy.value[POLICY_CHANNEL_LIST] == CHANNEL_LIST_ABSENT;
}

static enum step_result act(struct exchange *x)
{
    return reply_outcome(x, store_view(x->state->store, x->contact, &x->channels));
}

/* [L1 L2] */
static enum step_result reply(struct exchange *x)
{
    return reply_list(x, 200);
}

const struct operation op_channel_list = {
    .has_contact = true, .act = act, .reply = reply, .is_absent = is_absent
};
