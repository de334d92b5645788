#include "control/control_policy.h"

#include "control/control.h"

static enum step_result policy_answer(struct exchange *x)
{
    struct buf *out = control_begin(x);

    buf_puts(out, ",\"policy\":");
    policy_write(out, &x->state->policy);
    buf_puts(out, ",\"choices\":");
    policy_write_choices(out);
    return control_answer(x, 200);
}

/* A profile, or what GET answers: the choices are not read. */
static enum hm_code policy_change(struct state *edited, const struct json_node *body,
                                  struct hm_error *err)
{
    json_object_del(body->value, "choices");
    return policy_read(&edited->policy, body, JSON_OPTIONAL, err);
}

static enum step_result policy_put(struct exchange *x)
{
    return control_change(x, policy_change, policy_answer);
}

const struct operation op_policy_get = { .is_control = true,
                                         .steps = { control_read, policy_answer } };
const struct operation op_policy_put = { .is_control = true,
                                         .changes = 1U << TOPIC_POLICY,
                                         .steps = { control_write, policy_put } };
