#include "control/control_faults.h"

#include "contract/mask.h"
#include "control/control.h"
#include "fault/fault_read.h"
#include "store/store.h"
#include "support/try.h"

static bool rule_write(struct buf *out, struct control_list *list)
{
    struct exchange *x = list->x;

    buf_puts(out, list->comma);
    fault_write_counted(out, x->state->faults->at[list->at], exchange_masking(x));
    return true;
}

static enum step_result faults_answer(struct exchange *x)
{
    struct faults *faults = x->state->faults;
    enum hm_code code = faults == NULL ? HM_OK : faults_read_counts(faults);

    if (code != HM_OK)
        return exchange_away(x, code);
    buf_puts(control_begin(x), ",\"faults\":[");
    return control_answer_list(x, &(struct control_list){ .entry = rule_write,
                                                          .end = faults == NULL ? 0 : faults->count,
                                                          .rest = "]" });
}

/* {"faults":[...]}, or the array alone. */
static enum hm_code rules_of(struct json_node *array, const struct json_node *body,
                             struct hm_error *err)
{
    static const char *const allowed[] = { "v", "faults", NULL };
    int64_t version;
    enum hm_code code = HM_OK;

    *array = *body;
    if (json_is_array(body->value))
        return HM_OK;
    if (!json_is_object(body->value))
        return hm_error_set(err, HM_BAD_INPUT,
                            "found %s, expected {\"faults\": [{\"status\": 429}, ...]}",
                            json_type_name(body->value));
    TRY(json_expect_object(body, allowed, err));
    TRY(json_get_integer(body, "v", JSON_OPTIONAL, 1, 1, &version, err));
    TRY(json_get_array(body, "faults", JSON_REQUIRED, array, err));
out:
    return code;
}

static enum hm_code rules_put(struct state *edited, const struct json_node *body,
                              struct hm_error *err)
{
    struct json_node array;
    enum hm_code code = rules_of(&array, body, err);

    return code == HM_OK ? faults_replace(&edited->faults, edited->store, &array, err) : code;
}

static enum hm_code faults_drop(struct state *edited, const struct json_node *body,
                                struct hm_error *err)
{
    (void)body;
    (void)err;
    faults_free(edited->faults);
    edited->faults = NULL;
    return HM_OK;
}

static enum step_result faults_put(struct exchange *x)
{
    return control_change(x, rules_put, faults_answer);
}

static enum step_result faults_delete(struct exchange *x)
{
    return control_change(x, faults_drop, faults_answer);
}

const struct operation op_faults_get = { .is_control = true,
                                         .steps = { control_read, faults_answer } };
const struct operation op_faults_put = { .is_control = true,
                                         .changes = 1U << TOPIC_FAULTS,
                                         .steps = { control_write, faults_put } };
const struct operation op_faults_delete = { .is_control = true,
                                            .changes = 1U << TOPIC_FAULTS,
                                            .steps = { control_write, faults_delete } };
