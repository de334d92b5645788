#include "fault/fault_step.h"

static enum step_result lose(struct exchange *x, enum delivery delivery)
{
    answer_lose(&x->answer, delivery);
    return STEP_ANSWERED;
}

static enum step_result answer_status(struct exchange *x, const struct fault *fault)
{
    enum step_result result;
    struct buf message;

    x->answer.retry_after_s = fault->retry_after_s;
    buf_init(&message, FAULT_RULE_BYTES_MAX);
    buf_puts(&message, "a fault rule says: ");
    fault_write_text(&message, fault, exchange_masking(x));
    result = exchange_complain(x, (int)fault->status, buf_text(&message));
    buf_fini(&message);
    return result;
}

/* The one place where the effect of a fault is decided. STEP_NEXT: later steps make the answer. */
static enum step_result carry_out(struct exchange *x, const struct fault *fault)
{
    x->fault = fault;
    if (fault->delay_ms > 0 && !x->connection.wait(x->connection.from, (int)fault->delay_ms))
        return lose(x, DELIVER_RESET); /* the client has gone */
    x->answer.delivery = fault->delivery;
    if (fault->status != 0)
        return answer_status(x, fault);
    if (fault->delivery == DELIVER_WHOLE)
        return STEP_NEXT;
    if (fault->delivery != DELIVER_TRUNCATED)
        return lose(x, fault->delivery);
    return fault->commits
               ? STEP_NEXT
               : exchange_answer(x, policy_status(&x->state->policy, POLICY_SUCCESS_STATUS), "[]",
                                 2, "");
}

enum step_result fault_at_first(struct exchange *x)
{
    char uuid[UUID_TEXT] = "";
    const struct fault *fault;
    enum hm_code code;

    if (x->state->faults == NULL || !x->state->faults->has_first)
        return STEP_NEXT;
    if (uuid_is_valid(x->route.parameters[0].at, x->route.parameters[0].length))
        uuid_lower(uuid, x->route.parameters[0].at);
    code = faults_due(&fault, x->state->faults, x->route.name, uuid, NULL);
    if (code != HM_OK)
        return exchange_away(x, code);
    return fault == NULL ? STEP_NEXT : carry_out(x, fault);
}

enum step_result fault_before_write(struct exchange *x)
{
    const struct fault *fault;
    enum hm_code code;

    if (x->state->faults == NULL)
        return STEP_NEXT;
    code = faults_due(&fault, x->state->faults, x->route.name, x->contact_uuid, &x->values);
    if (code != HM_OK)
        return exchange_away(x, code);
    if (fault == NULL)
        return STEP_NEXT;
    if (!fault->commits)
        return carry_out(x, fault);
    x->fault_to_come = fault;
    return STEP_NEXT;
}

enum step_result fault_after_write(struct exchange *x)
{
    return x->fault_to_come == NULL ? STEP_NEXT : carry_out(x, x->fault_to_come);
}
