/* What a case sends, in layers: the default, then the file's, the case's and the step's. Each
 * layer is checked by itself, then laid over those below it (RFC 7396, with the exceptions in
 * cases.md). */
#ifndef SUITE_CASES_LAYER_H
#define SUITE_CASES_LAYER_H

#include "support/json_node.h"
#include <heymarket/error.h>

enum layer_kind { LAYER_REQUEST, LAYER_TOKEN };

#define LAYER_HOST "{host}" /* the base URL's host, which the transport adds */

/* The lowest layer: a correct request, or the recipe of a correct token. A new reference; NULL:
 * out of memory. */
json_t *layer_base(enum layer_kind kind);

/* Checks the names and types of the members.
 * returns HM_OK, HM_BAD_INPUT with the place */
HM_MUST_USE enum hm_code layer_check(enum layer_kind kind, const struct json_node *layer,
                                     struct hm_error *err);

/* A new value: @below with the checked @layer (may be NULL) laid over it. NULL: out of memory. */
json_t *layer_over(enum layer_kind kind, json_t *below, json_t *layer);

#endif
