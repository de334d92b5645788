#include "exchange/finding_text.h"

#include "support/json_text.h"
#include <string.h>

void findings_write_message(struct buf *out, const struct hm_findings *findings)
{
    const struct hm_finding *first = hm_findings_refusal(findings);
    const char *before = " (also: ";

    if (first == NULL)
        return;
    buf_puts(out, first->message);
    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(findings->at[i].mistake);

        if (&findings->at[i] == first)
            continue;
        buf_puts(out, before);
        buf_puts(out, row->clause);
        buf_putc(out, ' ');
        buf_puts(out, row->code);
        before = ", ";
    }
    if (findings->count > 1)
        buf_putc(out, ')');
}

void findings_write_json(struct buf *out, const struct hm_findings *findings)
{
    buf_putc(out, '[');
    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_finding *finding = &findings->at[i];
        const struct hm_mistake_row *row = hm_mistake_row(finding->mistake);

        buf_puts(out, i == 0 ? "{\"clause\":" : ",{\"clause\":");
        json_text_puts(out, row->clause);
        buf_puts(out, ",\"code\":");
        json_text_puts(out, row->code);
        buf_puts(out, ",\"severity\":");
        json_text_puts(out, finding->severity == HM_REFUSES ? "refused" : "warned");
        buf_puts(out, ",\"message\":");
        json_text_puts(out, finding->message);
        buf_putc(out, '}');
    }
    buf_putc(out, ']');
}

void findings_append(struct hm_findings *to, const struct hm_findings *from)
{
    for (size_t i = 0; i < from->count && to->count < HM_FINDINGS_MAX; i++)
        to->at[to->count++] = from->at[i];
}

void findings_mask(struct hm_findings *findings, const struct masking *masking)
{
    for (size_t i = 0; i < findings->count; i++)
        mask_overwrite(masking, findings->at[i].message, strlen(findings->at[i].message));
}
