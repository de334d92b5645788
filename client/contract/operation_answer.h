/* What a 2xx answer of each operation must be [R G U X L N]. The client makes its error of it, and
 * the suite may judge by it. */
#ifndef CONTRACT_OPERATION_ANSWER_H
#define CONTRACT_OPERATION_ANSWER_H

#include "contract/answer_breaches.h"
#include "contract/operation.h"

/* A whole 2xx; borrowed. */
struct operation_answer {
    const char *content_type; /* NUL-terminated; NULL: absent */
    const char *body;
    size_t length;
};

/* Judges an answer by its form, its channels or inboxes, and whether it has the channel that was
 * meant [R3 G2 U2].
 *
 * root     the parsed body, a new reference, or NULL if it has not the form; may be NULL itself
 * values   of the request; NULL: not known, so that R3, G2 and U2 are not judged
 * masking  what may not be quoted; NULL: all may
 * returns  HM_OK whatever was found, HM_NO_MEMORY
 */
HM_MUST_USE enum hm_code operation_answer_check(json_t **root, const struct operation *operation,
                                                const struct operation_values *values,
                                                const struct operation_answer *answer,
                                                const struct masking *masking,
                                                struct answer_breaches *breaches,
                                                struct hm_error *err);

#endif
