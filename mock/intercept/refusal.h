/* Why this system does not let `run --intercept` have namespaces, in words. */
#ifndef MOCK_INTERCEPT_REFUSAL_H
#define MOCK_INTERCEPT_REFUSAL_H

#include "intercept/namespace.h"
#include "support/buf.h"

enum { REFUSAL_BYTES_MAX = 1024 };

/* Appends the cause and, if there is one, what helps: a sentence without its full stop. */
void refusal_write(struct buf *out, const struct refusal *refusal);

#endif
