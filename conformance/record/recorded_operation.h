/* The operations of the contract that an application may call. Everything else is forwarded, too,
 * but only its method, path and status are noted. A new operation is a row of the table. */
#ifndef SUITE_RECORD_RECORDED_OPERATION_H
#define SUITE_RECORD_RECORDED_OPERATION_H

#include "support/span.h"
#include <stdbool.h>

/* What a 2xx answer has. */
enum answer_shape {
    SHAPE_LIST,            /* the contact's channels [R1] */
    SHAPE_CHANNEL,         /* one channel [G1] */
    SHAPE_LIST_OR_CHANNEL, /* [U4] */
    SHAPE_OPEN,            /* nothing that is judged [X2] */
    SHAPE_INBOXES          /* [N1] */
};

/* What a 2xx answer does to the contact's channels. */
enum channel_effect { EFFECT_NONE, EFFECT_ADDS, EFFECT_CHANGES, EFFECT_REMOVES };

struct operation_row {
    const char *name; /* "channel_create" */
    const char *method;
    const char *path; /* "{contact}" and "{type}" each stand for one segment */
    enum answer_shape answer;
    enum channel_effect effect;
    bool has_body; /* of the members channel_type and channel_id [B1] */
};

/* A call of an operation; the spans are borrowed from the path and still percent-encoded. */
struct operation_call {
    const struct operation_row *row; /* NULL: not one of the contract */
    struct span contact;             /* empty: there is none */
    struct span type;
};

/* @path is without its query. */
void operation_find(struct operation_call *call, const char *method, struct span path);

#endif
