#include "control/control_doctor.h"

#include "control/control.h"
#include "exchange/finding_text.h"
#include "operation/auth.h"
#include "store/store.h"
#include "support/json_text.h"
#include "support/try.h"
#include <inttypes.h>
#include <math.h>

/* The verdict's members, as `heymarket token verify --json` prints them, and what to change. */
static void verdict_write(struct buf *out, const struct hm_verdict *verdict,
                          const struct hm_secrets *secrets)
{
    const char *id = verdict->secret >= 0 && !verdict->is_legacy
                         ? hm_secrets_id(secrets, (size_t)verdict->secret)
                         : NULL;

    buf_printf(out, ",\"verdict\":\"%s\",\"now\":%" PRId64 ",\"age_s\":",
               verdict->is_good ? "good" : "refused", verdict->now);
    if (verdict->has_iat)
        buf_printf(out,
                   fabs(verdict->age_s) >= 1e15              ? "%.17g"
                   : verdict->age_s == floor(verdict->age_s) ? "%.0f"
                                                             : "%.6f",
                   verdict->age_s);
    else
        buf_puts(out, "null");
    buf_puts(out, ",\"secret_id\":");
    json_text_puts(out, id);
    buf_puts(out, ",\"findings\":");
    findings_write_json(out, &verdict->findings);
    buf_puts(out, ",\"cures\":[");
    for (size_t i = 0; i < verdict->findings.count; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        json_text_puts(out, hm_mistake_row(verdict->findings.at[i].mistake)->cure);
    }
    buf_putc(out, ']');
}

/* A string, or null for a request without the header. */
static enum hm_code value_judge(struct exchange *x, const struct json_node *value,
                                struct hm_error *err)
{
    enum hm_code code;

    if (!json_is_string(value->value) && !json_is_null(value->value))
        return json_complain_type(value, err,
                                  "{\"authorization\": \"Bearer ...\"}, or null for a request "
                                  "without the header");
    code =
        authorization_judge(x, json_string_value(value->value), json_string_length(value->value));
    if (code == HM_OK || code == HM_TOKEN_REFUSED)
        return HM_OK;
    return hm_error_set(err, code, "the token could not be checked");
}

static enum step_result doctor_answer(struct exchange *x)
{
    const struct hm_secrets *secrets = store_secrets(x->state->store);
    struct json_file file = { 0 };
    struct json_node root, value;
    struct masking masking = { .mask = store_mask(x->state->store) };
    struct hm_error err = { 0 };
    enum hm_code code;

    TRY(control_body_parse(&file, x, &err));
    root = json_node_root(&file);
    value = json_node_member(&root, "authorization");
    TRY(value_judge(x, &value, &err));
    masking_take_signature(&masking, json_string_value(value.value),
                           json_string_length(value.value));
    findings_mask(&x->verdict.findings, &masking);
    verdict_write(control_begin(x), &x->verdict, secrets);
out:
    json_file_fini(&file);
    return code == HM_OK ? control_answer(x, 200) : control_fail(x, &err);
}

const struct operation op_doctor = { .is_control = true,
                                     .steps = { control_write, doctor_answer } };
