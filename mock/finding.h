/* What one request is told: findings as response headers, as the message of an error, as JSON. */
#ifndef FINDING_H
#define FINDING_H

#include "buf.h"
#include <heymarket/finding.h>
#include <heymarket/token.h>

/* Appends "X-Mock-Finding: J5 secret-key-alone\r\n" for each, "; warned" behind those that only
 * warn. No text of the request is in them. */
void findings_write_headers(struct buf *out, const struct hm_findings *findings);

/* Appends the first refusal's message, then the others by clause and code: "(also: J6 expired, J9
 * typ-missing)". The findings are sorted. */
void findings_write_message(struct buf *out, const struct hm_findings *findings);

/* Appends [{"clause":…,"code":…,"severity":…,"message":…}, …]. */
void findings_write_json(struct buf *out, const struct hm_findings *findings);

/* Adds what @from has to @to. */
void findings_append(struct hm_findings *to, const struct hm_findings *from);

/* Masks in every message what begins like a known key or legacy key: messages quote the request,
 * and a client may have put its secret in any place of it. Tries at most FINDINGS_KEYS_MAX keys. */
void findings_mask(struct hm_findings *findings, const struct hm_secrets *secrets);

enum {
    FINDINGS_KEYS_MAX = 64,
    FINDINGS_KEY_PREFIX = 16, /* bytes that must be the same; a message may have cut the rest */
    FINDINGS_KEY_LEAST = 8    /* a shorter key would mask ordinary words */
};

#endif
