/* What a case sends, in layers: what is right, the file's, the case's, the step's. Each layer is
 * checked where it stands, then laid over those below it (RFC 7396, with the exceptions that
 * cases.md names). */
#ifndef SUITE_CASES_LAYER_H
#define SUITE_CASES_LAYER_H

#include "support/json_node.h"
#include <heymarket/error.h>

enum layer_kind { LAYER_REQUEST, LAYER_TOKEN };

#define LAYER_DEFAULT_PATH "/v2/contact/{contactID}/channel" /* [T1] */
#define LAYER_HOST         "{host}" /* that of the base URL, which the transport adds */

/* The lowest layer: a right request, or the recipe of a right token. A new reference; NULL: out of
 * memory. */
json_t *layer_base(enum layer_kind kind);

/* Are the members ones that there are, and of their types?
 * returns HM_OK, HM_BAD_INPUT with the place */
HM_MUST_USE enum hm_code layer_check(enum layer_kind kind, const struct json_node *layer,
                                     struct hm_error *err);

/* A new value: @below with the checked @layer laid over it; @layer may be NULL. NULL: out of
 * memory. */
json_t *layer_over(enum layer_kind kind, json_t *below, json_t *layer);

/* RFC 7396: changes @target, which must be an object. False: out of memory. */
bool merge_patch(json_t *target, json_t *patch);

#endif
