/* What the body of a request must be [B1 B3 B4 B5 B6]. The mock refuses by these rules; the client
 * warns, or stops before it sends. */
#ifndef CONTRACT_CHANNEL_RULES_H
#define CONTRACT_CHANNEL_RULES_H

#include "contract/mask.h"
#include <heymarket/finding.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    CHANNEL_BODY_BYTES_MAX = 64 * 1024, /* [T7] */
    E4_REQUESTS_A_MINUTE = 500          /* the documented limit, for each secret [E4] */
};

/* The types that the documentation names; others may exist [B3]. Ends with NULL. */
extern const char *const channel_known_types[];

/* The A clauses about a body, with the contract's defaults, and what may not be quoted of it. */
struct channel_policy {
    enum hm_severity phone_format;   /* [B4] HM_WARNS */
    enum hm_severity unknown_member; /* [B6] HM_WARNS */
    bool accepts_empty_value;        /* [B5] false */
    const struct masking *masking;   /* NULL: all may be quoted */
};
#define CHANNEL_POLICY_DEFAULT                                                                     \
    {                                                                                              \
        HM_WARNS, HM_WARNS, false, NULL                                                            \
    }

/* The two values of a body; borrowed from it. NULL where absent or of the wrong type. */
struct channel_values {
    const char *type, *id;
    size_t type_length, id_length; /* bytes; a value may contain NULs */
};

/* Judges a parsed body and fills @values. The body is only read; jansson's iterators take no const.
 */
void channel_body_check(struct channel_values *values, json_t *body,
                        const struct channel_policy *policy, struct hm_findings *findings);

/* Judges the two values [B3 B4 B5]. */
void channel_values_check(const struct channel_values *values, const struct channel_policy *policy,
                          struct hm_findings *findings);

#endif
