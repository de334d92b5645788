/* The text of a request's body as JSON [B2]. */
#ifndef CONTRACT_CHANNEL_TEXT_H
#define CONTRACT_CHANNEL_TEXT_H

#include "contract/channel_rules.h"

/* Reads a complete body as JSON without duplicate members. Returns a new reference, or NULL with
 * the finding (body-not-json, body-truncated, member-repeated) that says where. NULL without a
 * finding: out of memory. An empty body is not JSON; one that ends early is truncated. */
json_t *channel_body_parse(const char *text, size_t length, struct hm_findings *findings);

/* Reads a body with the two members and nothing else, both strings in plain ASCII, without building
 * a tree: nearly all bodies are like that. The values point into @text and are for
 * channel_values_check(). False: it is another body, for channel_body_parse(). */
bool channel_body_read_plain(struct channel_values *values, const char *text, size_t length);

#endif
