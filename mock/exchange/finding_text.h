/* Findings as the message of an error and as JSON. */
#ifndef MOCK_EXCHANGE_FINDING_TEXT_H
#define MOCK_EXCHANGE_FINDING_TEXT_H

#include "contract/mask.h"
#include "support/buf.h"
#include <heymarket/finding.h>

/* Appends the first refusal's message, then the others by clause and code: "(also: J6 expired, J9
 * typ-missing)". The findings are sorted. */
void findings_write_message(struct buf *out, const struct hm_findings *findings);

/* Appends [{"clause":…,"code":…,"severity":…,"message":…}, …]. */
void findings_write_json(struct buf *out, const struct hm_findings *findings);

/* Appends the findings of @from to @to. */
void findings_append(struct hm_findings *to, const struct hm_findings *from);

/* Masks secrets in every message: messages quote the request, and a client may have put its secret
 * anywhere in it. */
void findings_mask(struct hm_findings *findings, const struct masking *masking);

#endif
