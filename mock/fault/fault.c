#include "fault/fault_rule.h"

#include "http/delivery.h"
#include "operation/respond.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

struct fault *fault_new(void)
{
    return calloc(1, sizeof(struct fault));
}

void fault_free(struct fault *fault)
{
    if (fault == NULL)
        return;
    free(fault->type);
    free(fault->id);
    free(fault);
}

enum hm_code faults_new(struct faults **faults, struct hm_error *err)
{
    *faults = calloc(1, sizeof **faults);
    if (*faults == NULL)
        return no_memory(err);
    atomic_init(&(*faults)->holders, 1);
    return HM_OK;
}

struct faults *faults_hold(struct faults *faults)
{
    if (faults != NULL)
        atomic_fetch_add_explicit(&faults->holders, 1, memory_order_relaxed);
    return faults;
}

void faults_free(struct faults *faults)
{
    if (faults == NULL || atomic_fetch_sub_explicit(&faults->holders, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < faults->count; i++)
        fault_free(faults->at[i]);
    free(faults);
}

enum hm_code faults_take(struct faults *faults, struct fault *rule, struct hm_error *err)
{
    if (rule == NULL)
        return no_memory(err);
    if (faults->count < FAULT_RULES_MAX) {
        faults->at[faults->count++] = rule;
        return HM_OK;
    }
    fault_free(rule);
    return hm_error_set(err, HM_BAD_ARGUMENT, "found a rule more, expected at most %d",
                        FAULT_RULES_MAX);
}

/* A copy with its counters at zero; NULL: out of memory. */
static struct fault *fault_copy(const struct fault *fault)
{
    struct fault *copy = fault_new();

    if (copy == NULL)
        return NULL;
    memcpy(copy->contact, fault->contact, sizeof copy->contact);
    copy->nth = fault->nth;
    copy->times = fault->times;
    copy->status = fault->status;
    copy->retry_after_s = fault->retry_after_s;
    copy->delay_ms = fault->delay_ms;
    copy->delivery = fault->delivery;
    copy->commits = fault->commits;
    copy->type_length = fault->type_length;
    copy->id_length = fault->id_length;
    copy->type = fault->type == NULL ? NULL : strdup(fault->type);
    copy->id = fault->id == NULL ? NULL : strdup(fault->id);
    if ((copy->type == NULL) == (fault->type == NULL) && (copy->id == NULL) == (fault->id == NULL))
        return copy;
    fault_free(copy);
    return NULL;
}

enum hm_code faults_fresh(struct faults **fresh, const struct faults *faults, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    *fresh = NULL;
    if (faults == NULL)
        return HM_OK;
    TRY(faults_new(fresh, err));
    for (size_t i = 0; i < faults->count; i++)
        TRY(faults_take(*fresh, fault_copy(faults->at[i]), err));
out:
    if (code != HM_OK) {
        faults_free(*fresh);
        *fresh = NULL;
    }
    return code;
}

size_t faults_count(const struct faults *faults)
{
    return faults == NULL ? 0 : faults->count;
}

static bool is_text(const char *wanted, size_t wanted_length, const char *text, size_t length)
{
    return wanted == NULL || (length == wanted_length && memcmp(text, wanted, length) == 0);
}

static bool fits(const struct fault *fault, const char *contact_uuid,
                 const struct channel_values *values)
{
    return is_text(fault->id, fault->id_length, values->id, values->id_length) &&
           is_text(fault->type, fault->type_length, values->type, values->type_length) &&
           (fault->contact[0] == '\0' || strcmp(fault->contact, contact_uuid) == 0);
}

/* Takes one of the times that are left. */
static bool take_turn(struct fault *fault)
{
    long long done = atomic_load(&fault->done);

    do {
        if (fault->times != 0 && done >= fault->times)
            return false;
    } while (!atomic_compare_exchange_weak(&fault->done, &done, done + 1));
    return true;
}

const struct fault *faults_due(struct faults *faults, const char *contact_uuid,
                               const struct channel_values *values)
{
    const struct fault *due = NULL;

    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = faults->at[i];

        if (fits(fault, contact_uuid, values) &&
            atomic_fetch_add(&fault->matched, 1) + 1 >= fault->nth && due == NULL &&
            take_turn(fault))
            due = fault;
    }
    return due;
}

bool fault_makes_answer(const struct fault *fault)
{
    return fault->status != 0 || fault->delivery != DELIVER_WHOLE;
}

/* Nothing goes out; what was made ready is lost. */
static enum step_result answer_nothing(struct exchange *x)
{
    x->status = 0;
    x->answer_length = 0;
    return STEP_ANSWERED;
}

static enum step_result answer_status(struct exchange *x, const struct fault *fault)
{
    struct buf message;

    x->retry_after_s = fault->retry_after_s;
    buf_init(&message, FAULT_RULE_BYTES_MAX);
    buf_puts(&message, "the mock was told to answer so: ");
    fault_write_text(&message, x);
    respond_error_saying(x, (int)fault->status, buf_text(&message));
    buf_fini(&message);
    return STEP_ANSWERED;
}

/* Carries it out, up to the bytes on the wire; STEP_NEXT: the rest of the road makes the answer. */
static enum step_result carry_out(struct exchange *x, const struct fault *fault)
{
    x->fault = fault;
    x->delivery = fault->delivery;
    if (fault->delay_ms > 0 &&
        !delivery_wait(&x->request, &x->mock->is_stopping, (int)fault->delay_ms)) {
        x->delivery = DELIVER_RESET;
        return answer_nothing(x);
    }
    if (fault->status != 0)
        return answer_status(x, fault);
    if (fault->delivery == DELIVER_WHOLE ||
        (fault->delivery == DELIVER_TRUNCATED && fault->commits))
        return STEP_NEXT;
    if (fault->delivery != DELIVER_TRUNCATED)
        return answer_nothing(x);
    respond(x, policy_status(&x->state->policy, POLICY_SUCCESS_STATUS), "[]", 2, "");
    return STEP_ANSWERED;
}

enum step_result fault_due(struct exchange *x)
{
    const struct fault *fault;

    if (x->state->faults == NULL)
        return STEP_NEXT;
    fault = faults_due(x->state->faults, x->contact_uuid, &x->values);
    if (fault == NULL)
        return STEP_NEXT;
    if (!fault->commits)
        return carry_out(x, fault);
    x->fault_to_come = fault;
    return STEP_NEXT;
}

enum step_result fault_after(struct exchange *x)
{
    return x->fault_to_come == NULL ? STEP_NEXT : carry_out(x, x->fault_to_come);
}
