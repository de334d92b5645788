/* Fuzz target: a body. The quick reader never takes what the whole one refuses, and what both take
 * has the same values. [B1 B2] */
#include "channel_rules.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_same(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return a != NULL && b != NULL && a_length == b_length && memcmp(a, b, a_length) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct channel_policy policy = CHANNEL_POLICY_DEFAULT;
    const char *text = (const char *)data;
    struct channel_values plain = { 0 }, values = { 0 };
    struct hm_findings findings = { 0 };
    bool is_plain = channel_body_read_plain(&plain, text, size);
    json_t *body = channel_body_parse(text, size, &findings);

    if ((body == NULL) != (hm_findings_refusal(&findings) != NULL) || (is_plain && body == NULL))
        abort();
    if (body != NULL)
        channel_body_check(&values, body, &policy, &findings);
    if (is_plain && (!is_same(plain.type, plain.type_length, values.type, values.type_length) ||
                     !is_same(plain.id, plain.id_length, values.id, values.id_length)))
        abort();
    json_decref(body);
    return 0;
}
