#include "fault/misbehave_change.h"
#include "operation/reply.h"
#include "operation/steps.h"
#include "store/store.h"

/* [X1 X3] */
static enum step_result act(struct exchange *x)
{
    enum channel_choice choice =
        (enum channel_choice)x->state->policy.value[POLICY_SEVERAL_OF_TYPE];

    enum hm_code code;

    if (!misbehave_change(&code, x))
        code = store_delete_channel(x->state->store, x->contact, &x->values, choice,
                                    &x->answer.text, &x->channels);
    return reply_outcome(x, code);
}

/* [X2] */
static enum step_result reply(struct exchange *x)
{
    static const char ok[] = "\"ok\"";

    switch (x->state->policy.value[POLICY_DELETE_ANSWER]) {
    case DELETE_ANSWERS_LIST:
        return reply_list(x, 200);
    case DELETE_ANSWERS_NOTHING:
        return exchange_answer(x, 204, "", 0, "");
    default:
        return exchange_answer(x, 200, ok, sizeof ok - 1, "");
    }
}

const struct operation op_channel_delete = {
    .has_contact = true, .has_type = true, .act = act, .reply = reply
};
