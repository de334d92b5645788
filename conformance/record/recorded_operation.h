/* Which operation of the contract a request calls. Everything else is forwarded, too, but only its
 * method, path and status are noted. */
#ifndef SUITE_RECORD_RECORDED_OPERATION_H
#define SUITE_RECORD_RECORDED_OPERATION_H

#include "contract/operation.h"
#include "support/span.h"

/* A call of an operation; the spans are borrowed from the path and still percent-encoded. */
struct operation_call {
    const struct operation *row; /* NULL: not one of the contract */
    struct span contact;         /* empty: there is none */
    struct span type;
};

/* @path is without its query. */
void operation_find(struct operation_call *call, const char *method, struct span path);

#endif
