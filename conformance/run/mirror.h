/* By which other rule does a target verify tokens, if it refuses right ones? The cases have the
 * rules: their wrong tokens are tried until one of them is accepted. */
#ifndef SUITE_RUN_MIRROR_H
#define SUITE_RUN_MIRROR_H

#include "cases/catalog.h"
#include "run/asker.h"
#include <heymarket/error.h>
#include <stdbool.h>

/* Sends a wrong token of each kind, at most 150, to a target that refuses the right one, with
 * a body that is never written. An acceptance is proved by the refusal of the same token with a
 * changed signature.
 *
 * found     the case whose token was accepted; NULL: none was. Borrowed from the catalog
 * is_blind  set if the target looks at the body first, so that this body shows nothing
 * may_write send a body that is written if the token is accepted: then is_blind is never set
 * returns   HM_OK; HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code mirror_look(const struct test_case **found, bool *is_blind,
                                     const struct catalog *catalog, const struct asker *asker,
                                     bool may_write, struct hm_error *err);

/* The code of the mistake that the case's token makes ("secret-key-alone"); NULL: it has none.
 * Borrowed. */
const char *mirror_code(const struct test_case *test);

#endif
