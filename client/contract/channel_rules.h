/* What a request must be [B1-B6 T3]: stated here, once. The mock refuses by these rules, the client
 * warns and stops before it sends. */
#ifndef CONTRACT_CHANNEL_RULES_H
#define CONTRACT_CHANNEL_RULES_H

#include <heymarket/finding.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { CHANNEL_BODY_BYTES_MAX = 64 * 1024 }; /* [T7] */

/* The A clauses that bear on a body, with the contract's defaults. */
struct channel_policy {
    enum hm_severity phone_format;   /* [B4] HM_WARNS */
    enum hm_severity unknown_member; /* [B6] HM_WARNS */
    bool accepts_empty_value;        /* [B5] false */
};
#define CHANNEL_POLICY_DEFAULT                                                                     \
    {                                                                                              \
        HM_WARNS, HM_WARNS, false                                                                  \
    }

/* The two values of a body; borrowed from it. NULL where absent or of the wrong type. */
struct channel_values {
    const char *type, *id;
    size_t type_length, id_length; /* bytes; a value may hold NULs of its own */
};

/* Judges a parsed body [B1 B3 B4 B5 B6] and fills @values. The body is only read; jansson's
 * iterators want it without const. */
void channel_body_check(struct channel_values *values, json_t *body,
                        const struct channel_policy *policy, struct hm_findings *findings);

/* Judges two values as the body above would carry them. */
void channel_values_check(const struct channel_values *values, const struct channel_policy *policy,
                          struct hm_findings *findings);

/* Reads a body's text as JSON [B2]: whole, no member twice. Returns a new reference, or NULL with
 * the finding (body-not-json, body-truncated, member-repeated) that says where, line and column;
 * NULL without a finding: out of memory. An empty body is not JSON; one that stops early is
 * truncated. */
json_t *channel_body_parse(const char *text, size_t length, struct hm_findings *findings);

/* Reads a body that is nothing but the two members, strings of plain ASCII, without building a
 * tree: nearly all are. The values point into @text and are for channel_values_check(). False,
 * and no values: something else stands there, for channel_body_parse() to read and
 * channel_body_check() to judge. */
bool channel_body_read_plain(struct channel_values *values, const char *text, size_t length);

/* Judges the contact's id of the path [T3 B7]: a UUID, and if not, what it looks like. */
bool contact_id_check(const char *text, size_t length, struct hm_findings *findings);

#endif
