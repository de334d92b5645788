/* The operations of the contract, a row of operations.def each: the request, and what its answer
 * must be. */
#ifndef CONTRACT_OPERATION_H
#define CONTRACT_OPERATION_H

#include <heymarket/error.h>
#include <stdbool.h>

enum operation_id {
#define OPERATION(Id, ...) OPERATION_##Id,
#include "contract/operations.def"
#undef OPERATION
    OPERATION_COUNT
};

/* The JSON of a 2xx. */
enum answer_form {
    ANSWER_CHANNELS,       /* an array of channels [R1] */
    ANSWER_CHANNEL,        /* one channel [G1] */
    ANSWER_CHANNEL_OR_ALL, /* either [U4] */
    ANSWER_ANYTHING,       /* an array of channels, or anything else, or no body [X2] */
    ANSWER_INBOXES         /* an array of inboxes [N1] */
};

struct operation {
    const char *name;         /* "channel_get" */
    const char *method;       /* also says whether the call may be repeated [E7] */
    const char *path;         /* with {contactID} and {channelType} */
    bool has_body;            /* channel_type and channel_id [B1 U1] */
    enum answer_form form;    /* of a 2xx */
    const char *form_clause;  /* broken by another form */
    const char *value_clause; /* broken if the channel that was meant is not in the answer; NULL:
                                 none */
};

/* The row of an operation; static storage. */
const struct operation *operation_row(enum operation_id id);

/* A safe method changes nothing, and may be sent again whatever happened (RFC 9110 §9.2.2) [E7]. */
bool operation_is_safe(const struct operation *operation);

/* What a call is about; borrowed, valid UTF-8. NULL: the operation has none. */
struct operation_values {
    const char *contact; /* UUID */
    const char *type;
    const char *id;
};

/* Judges the values that the operation needs [T3 B1-B5 G5]: what is refused is not to be sent.
 * returns HM_OK, HM_BAD_ARGUMENT */
HM_MUST_USE enum hm_code operation_values_check(const struct operation *operation,
                                                const struct operation_values *values,
                                                struct hm_error *err);

/* The path with its values: the UUID in lower case, the type percent-encoded as one segment [G5].
 * @path: free() it; NULL after a failure. The values must have been checked. returns HM_OK,
 * HM_NO_MEMORY */
HM_MUST_USE enum hm_code operation_path(char **path, const struct operation *operation,
                                        const struct operation_values *values,
                                        struct hm_error *err);

/* {"channel_type":TYPE,"channel_id":ID} [B1], or NULL if the operation has no body. @body: free()
 * it. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code operation_body(char **body, const struct operation *operation,
                                        const struct operation_values *values,
                                        struct hm_error *err);

#endif
