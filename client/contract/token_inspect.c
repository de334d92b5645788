#include <heymarket/token.h>

#include "contract/token_parts.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

static char *copy_span(const struct span *from)
{
    char *made = malloc(from->length + 1);

    if (made != NULL) {
        memcpy(made, from->at, from->length);
        made[from->length] = '\0';
    }
    return made;
}

enum hm_code hm_token_inspect(struct hm_token *token, const char *text, size_t length,
                              struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct token_parts parts;
    struct hm_findings findings = { .count = 0 };

    memset(token, 0, sizeof *token);
    if (length > HM_TOKEN_BYTES_MAX)
        return hm_error_set(err, HM_BAD_INPUT, "the token has %zu bytes, at most %d were expected",
                            length, HM_TOKEN_BYTES_MAX);
    TRY(token_parts_read(&parts, text, length, &findings, err));
    if ((parts.signature_faults & BASE64URL_BROKEN) != 0)
        hm_findings_add(&findings, HM_J2_SEGMENT_NOT_BASE64URL,
                        "the token's signature segment is not base64url");
    hm_findings_sort(&findings);
    if (hm_findings_refusal(&findings) != NULL) {
        code = hm_finding_error(err, HM_BAD_INPUT, hm_findings_refusal(&findings));
        goto out;
    }
    token->header = copy_span(&parts.header);
    token->claims = copy_span(&parts.payload);
    token->signature = (unsigned char *)copy_span(&parts.signature);
    token->header_bytes = parts.header.length;
    token->claims_bytes = parts.payload.length;
    token->signature_bytes = parts.signature.length;
    if (token->header == NULL || token->claims == NULL || token->signature == NULL) {
        hm_token_fini(token);
        code = no_memory(err);
    }
out:
    token_parts_fini(&parts);
    return code;
}

void hm_token_fini(struct hm_token *token)
{
    free(token->header);
    free(token->claims);
    free(token->signature);
    memset(token, 0, sizeof *token);
}
