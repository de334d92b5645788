/* POST /_mock/doctor: judges an Authorization value by the mock's secrets, clock and policy, as a
 * request with it would be judged, and changes nothing. */
#include "control.h"

#include "body.h"
#include "exchange.h"
#include "finding.h"
#include "json_text.h"
#include "respond.h"
#include "store.h"
#include <inttypes.h>
#include <math.h>

/* The verdict's members, as `heymarket token verify --json` prints them. */
static void verdict_write(struct buf *out, const struct hm_verdict *verdict,
                          const struct hm_secrets *secrets)
{
    const char *id = verdict->secret >= 0 && !verdict->is_legacy
                         ? hm_secrets_id(secrets, (size_t)verdict->secret)
                         : NULL;

    buf_printf(out, "{\"v\":1,\"verdict\":\"%s\",\"now\":%" PRId64 ",\"age_s\":",
               verdict->is_good ? "good" : "refused", verdict->now);
    if (verdict->has_iat)
        buf_printf(out, verdict->age_s == floor(verdict->age_s) ? "%.0f" : "%.6f", verdict->age_s);
    else
        buf_puts(out, "null");
    buf_puts(out, ",\"secret_id\":");
    json_text_puts(out, id);
    buf_puts(out, ",\"findings\":");
    findings_write_json(out, &verdict->findings);
    buf_putc(out, '}');
}

static enum step_result doctor_answer(struct exchange *x)
{
    const struct hm_secrets *secrets = store_secrets(x->state->store);
    const json_t *value = json_object_get(x->body_json, "authorization");
    struct hm_token_policy policy = policy_for_token(&x->state->policy);
    enum hm_code code;

    if (!json_is_string(value) && !json_is_null(value)) {
        respond_error_saying(x, 400,
                             "send {\"authorization\": \"Bearer ...\"}, or null for a request "
                             "without the header");
        return STEP_ANSWERED;
    }
    code = hm_authorization_verify(&x->verdict, json_string_value(value), json_string_length(value),
                                   secrets, &policy, x->now_s, NULL);
    if (code != HM_OK && code != HM_TOKEN_REFUSED) {
        respond_error(x, 500);
        return STEP_ANSWERED;
    }
    findings_mask(&x->verdict.findings, secrets);
    buf_clear(&x->scratch);
    verdict_write(&x->scratch, &x->verdict, secrets);
    if (buf_ok(&x->scratch))
        respond(x, 200, x->scratch.data, x->scratch.length, "");
    else
        respond_error(x, 500);
    return STEP_ANSWERED;
}

static const step_fn steps[] = {
    control_refuse_page, control_refuse_stranger, control_require_json,
    body_load,           doctor_answer,           NULL,
};

const struct operation op_doctor = { "doctor", true, steps };
