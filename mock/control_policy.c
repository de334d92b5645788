/* /_mock/policy: the A clauses, as they are in force. */
#include "control_parts.h"

static enum step_result policy_answer(struct exchange *x)
{
    struct buf *out = control_begin(x);

    buf_puts(out, ",\"policy\":");
    policy_write(out, &x->state->policy);
    return control_answer(x, 200);
}

static const step_fn get_steps[] = { control_read, policy_answer, NULL };

const struct operation op_policy = { "policy", true, get_steps };
