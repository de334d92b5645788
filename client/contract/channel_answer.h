/* What a 2xx answer must be [R1 R2 R5 R6 R8 R9]. The client makes its error of it, and the suite
 * judges every 2xx by it. */
#ifndef CONTRACT_CHANNEL_ANSWER_H
#define CONTRACT_CHANNEL_ANSWER_H

#include "contract/mask.h"
#include <heymarket/channel.h>
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    ANSWER_BREACHES_MAX = 32,
    ANSWER_BREACH_TEXT = 240,
    ANSWER_BYTES_MAX = 16 * 1024 * 1024 /* an answer is read up to here */
};

/* One way in which an answer differs from the contract. */
struct answer_breach {
    char clause[HM_CLAUSE_TEXT];
    bool is_warning;               /* an absent info_channel or channel_handle [R9] */
    char text[ANSWER_BREACH_TEXT]; /* "/3/contact_id is a string, an integer was expected" */
};

struct answer_breaches {
    size_t count; /* those that are kept; warnings are last */
    size_t total; /* all that were found */
    struct answer_breach at[ANSWER_BREACHES_MAX];
};

/* Judges a 2xx answer's media type and body. Unknown members are allowed; an integer may be written
 * as 1.0.
 *
 * root          the parsed body, a new reference, or NULL if it is not JSON; may be NULL itself
 * content_type  the header's value, NUL-terminated, or NULL: absent
 * masking       what may not be quoted; NULL: all may
 * returns       HM_OK whatever was found, HM_NO_MEMORY
 */
HM_MUST_USE enum hm_code channel_answer_check(json_t **root, const char *content_type,
                                              const char *body, size_t length,
                                              const struct masking *masking,
                                              struct answer_breaches *breaches,
                                              struct hm_error *err);

/* The first breach that is not a warning; NULL: there is none. Borrowed. */
const struct answer_breach *channel_answer_breach(const struct answer_breaches *breaches);

/* Fills count, at and storage of the list from a parsed body as far as it can be read, and takes
 * ownership of @root, which may be NULL. Elements that are not objects are left out; a member of
 * the wrong type is 0 or ""; a string ends at its first NUL. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code channel_answer_take(struct hm_channel_list *list, json_t *root,
                                             struct hm_error *err);

/* Is it application/json, parameters allowed, case-insensitive? [T2 R6] */
bool is_json_media_type(const char *value, size_t length);

#endif
