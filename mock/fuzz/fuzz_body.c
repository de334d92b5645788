/* Fuzz target: a body. The quick reader never takes what the whole one refuses, and what both take
 * has the same values; what is refused has a finding; where the rules are stricter, no less is
 * refused. [B1-B6] */
#include "fuzz/fuzz.h"

#include "contract/channel_rules.h"
#include "contract/channel_text.h"

#include <stdbool.h>
#include <string.h>

static bool is_same(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return a != NULL && b != NULL && a_length == b_length && memcmp(a, b, a_length) == 0;
}

static bool is_refused(json_t *body, const struct channel_policy *policy,
                       struct channel_values *values, struct hm_findings findings)
{
    channel_body_check(values, body, policy, &findings);
    hm_findings_sort(&findings);
    findings_check(&findings);
    return hm_findings_refusal(&findings) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct channel_policy usual = CHANNEL_POLICY_DEFAULT;
    const struct channel_policy strict = { HM_REFUSES, HM_REFUSES, false, NULL };
    const char *text = (const char *)data;
    struct channel_values plain = { 0 }, values = { 0 };
    struct hm_findings findings = { 0 };
    bool is_plain = channel_body_read_plain(&plain, text, size);
    json_t *body = channel_body_parse(text, size, &findings);

    findings_check(&findings);
    must((body == NULL) == (hm_findings_refusal(&findings) != NULL));
    must(!is_plain || body != NULL);
    if (body != NULL)
        must(!is_refused(body, &usual, &values, findings) ||
             is_refused(body, &strict, &values, findings));
    must(!is_plain || (is_same(plain.type, plain.type_length, values.type, values.type_length) &&
                       is_same(plain.id, plain.id_length, values.id, values.id_length)));
    json_decref(body);
    return 0;
}
