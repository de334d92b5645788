/* What the control plane changes, as the JSON document that a database keeps of a world: clock,
 * policy, rate limit, fault rules. */
#ifndef MOCK_STORE_DOCUMENT_H
#define MOCK_STORE_DOCUMENT_H

#include "store/state.h"
#include "support/buf.h"
#include <heymarket/error.h>
#include <stddef.h>

/* Appends it. @record: a JSON value about the world itself; NULL: none. */
void document_write(struct buf *out, const struct state *state, const char *record);

/* Changes @edited to what the document says; a limit and fault rules that it has already stay what
 * they are. HM_BAD_INPUT: it is damaged; HM_NO_MEMORY */
HM_MUST_USE enum hm_code document_read(struct state *edited, const char *text, size_t length,
                                       struct hm_error *err);

#endif
