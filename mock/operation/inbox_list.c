#include "fault/misbehave_list.h"
#include "operation/steps.h"
#include "store/store.h"

/* The inboxes of the token's team [N1]; who asks is known by then, and that is all [N2]. */
static enum step_result reply(struct exchange *x)
{
    size_t length;
    const char *text = store_inboxes(x->state->store, x->team, &length);

    exchange_answer(x, 200, text, length, "]");
    misbehave_list(x);
    return STEP_ANSWERED;
}

const struct operation op_inbox_list = { .reply = reply };
