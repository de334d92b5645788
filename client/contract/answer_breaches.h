/* The ways in which an answer differs from the contract, and what the answers of all operations
 * have in common: media type, JSON, integers [R1 R2 R6]. */
#ifndef CONTRACT_ANSWER_BREACHES_H
#define CONTRACT_ANSWER_BREACHES_H

#include "contract/mask.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ANSWER_BREACHES_MAX = 32,
    ANSWER_BREACH_TEXT = 240,
    ANSWER_VALUES_MAX = 250000 /* of JSON in a response; a channel has about ten */
};

/* One way in which an answer differs from the contract. */
struct answer_breach {
    char clause[HM_CLAUSE_TEXT];
    bool is_warning;               /* an absent info_channel or channel_handle [R9] */
    char text[ANSWER_BREACH_TEXT]; /* "/3/contact_id is a string, an integer was expected" */
};

struct answer_breaches {
    size_t count; /* those that are kept */
    size_t total; /* all that were found */
    struct answer_breach at[ANSWER_BREACHES_MAX];
};

/* Adds a breach; the text is cut. R9 is a warning. */
void answer_breach_add(struct answer_breaches *breaches, const char *clause, const char *format,
                       ...) __attribute__((format(printf, 3, 4)));

/* The first breach that is not a warning; NULL: there is none. Borrowed. */
const struct answer_breach *answer_breach_first(const struct answer_breaches *breaches);

/* Is it application/json, parameters allowed, case-insensitive? [T2 R6] */
bool is_json_media_type(const char *value, size_t length);

/* Judges a Content-Type [R6]; NULL: absent. */
void answer_media_type_check(const char *content_type, const struct masking *masking,
                             struct answer_breaches *breaches);

/* Parses a body. @root: a new reference, or NULL with a breach of @clause: not JSON. @expected: "an
 * array". returns HM_OK whatever was found, HM_NO_MEMORY */
HM_MUST_USE enum hm_code answer_parse(json_t **root, const char *body, size_t length,
                                      const char *clause, const char *expected,
                                      struct answer_breaches *breaches, struct hm_error *err);

/* Adds a breach of @clause: the body is not @expected, "an array". */
void answer_form_breach(json_t *root, const char *clause, const char *expected,
                        const struct masking *masking, struct answer_breaches *breaches);

/* A JSON integer, also one that is written as 1.0. False: it is not one, or not within 64 bits. */
bool answer_integer(int64_t *out, const json_t *value);

/* What a value is that is not an integer: "a string", "a number with a fraction". NULL: "absent".
 */
const char *answer_not_integer(const json_t *value);

#endif
