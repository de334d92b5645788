/* --other-paths: calls of the API that this mock does not have. An application makes more calls
 * than one; they can be refused, ignored, or answered. Paths that are nearly right are always
 * refused: they are mistakes. */
#ifndef MOCK_OPERATION_OTHER_PATHS_H
#define MOCK_OPERATION_OTHER_PATHS_H

#include "exchange/exchange.h"
#include "support/buf.h"
#include <heymarket/error.h>

/* The calls so far are listed; safe for threads. */
struct other_paths;

/* @spec: "refuse", "ignore" (404, not counted), or STATUS[:FILE], the answer (a JSON file; {}
 * without it). *others stays NULL for "refuse". returns HM_OK; HM_BAD_ARGUMENT, HM_BAD_INPUT with
 * the place; HM_NO_MEMORY */
HM_MUST_USE enum hm_code other_paths_new(struct other_paths **others, const char *spec,
                                         struct hm_error *err);
void other_paths_free(struct other_paths *others); /* NULL is fine */

/* Answers and lists the call @shown (masked, "GET /v2/messages"), of which @says is to be said;
 * sets x->is_other, so that it is not counted. */
enum step_result other_paths_answer(struct exchange *x, const char *shown, const char *says);

/* Appends "GET /v2/messages (3), ..." of the first calls, each once; nothing if there was none.
 * @others may be NULL. */
void other_paths_write(struct buf *out, struct other_paths *others);

#endif
