#include "fuzz/fuzz.h"

#include <string.h>

const struct hm_secrets *fuzz_secrets(void)
{
    static struct hm_secrets *secrets;

    must(secrets != NULL || (hm_secrets_new(&secrets, NULL) == HM_OK &&
                             hm_secrets_add(secrets, FUZZ_ID, FUZZ_KEY, NULL) == HM_OK));
    return secrets;
}

void findings_check(const struct hm_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_finding *finding = &findings->at[i];

        must(i == 0 || finding->severity != HM_REFUSES || finding[-1].severity == HM_REFUSES);
        for (const char *at = finding->message; *at != '\0'; at++)
            must((unsigned char)*at >= ' ' && *at != 0x7F);
    }
}

void verdict_check(enum hm_code code, const struct hm_verdict *verdict)
{
    must(code == HM_OK || code == HM_TOKEN_REFUSED);
    must(verdict->is_good == (code == HM_OK));
    must(verdict->is_good == (hm_findings_refusal(&verdict->findings) == NULL));
    findings_check(&verdict->findings);
    for (size_t i = 0; i < verdict->findings.count; i++)
        must(strstr(verdict->findings.at[i].message, FUZZ_KEY) == NULL);
}
