/* Sandboxes in the database that keeps the state: their records are there from the first moment, so
 * that they last, and other mocks that share it find them. Nothing where there is no database. */
#ifndef MOCK_SANDBOX_SANDBOX_KEPT_H
#define MOCK_SANDBOX_SANDBOX_KEPT_H

#include "exchange/mock.h"
#include "sandbox/sandbox_world.h"
#include "sandbox/sandboxes.h"
#include <heymarket/error.h>
#include <stddef.h>

/* Writes a new one, whose world is @state.
 * returns HM_OK; HM_REFUSED: one of its names belongs to a sandbox of another mock; HM_NOT_SENT,
 * HM_OUTCOME_UNKNOWN: the database is away; HM_NO_MEMORY */
HM_MUST_USE enum hm_code sandbox_kept_add(struct mock *mock, const struct sandbox_record *record,
                                          struct state *state, struct hm_error *err);

/* Removes it and all that is kept of it. HM_OK, HM_NOT_SENT, HM_OUTCOME_UNKNOWN */
HM_MUST_USE enum hm_code sandbox_kept_drop(struct mock *mock, const char *id, struct hm_error *err);

/* Makes all that are kept known here, but for those whose time is over: they are dropped. Once at
 * the start, and where others make some, too, before they are listed. Fails likewise. */
HM_MUST_USE enum hm_code sandbox_kept_gather(struct mock *mock, struct hm_error *err);

/* Another mock has ended it: here it ends, too. */
void sandbox_kept_end(struct mock *mock, const char *id);

/* The same as sandboxes_find(), and finds also those that other mocks made. One that another mock
 * ended may be found, if it was used here: see state_refresh(). HM_OK, HM_NOT_SENT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code sandbox_kept_find(struct sandbox **sandbox, struct mock *mock,
                                           enum sandbox_name kind, const char *text, size_t length);

#endif
