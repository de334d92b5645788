/* The claims of a recipe: iss and the times are computed, everything else is literal [J3 J4
 * J6-J8]. */
#ifndef SUITE_RECIPE_RECIPE_CLAIMS_H
#define SUITE_RECIPE_RECIPE_CLAIMS_H

#include "recipe/names.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Sets the claims in @specs, in their order; null removes a claim.
 *
 * now  Unix time in seconds */
HM_MUST_USE enum hm_code recipe_claims_apply(json_t *claims, json_t *specs,
                                             const struct names *names,
                                             const struct named_secret *secret, int64_t now,
                                             struct hm_error *err);

/* Does a claim "iss" of a recipe make the right ID of this secret? False also if memory ran out. */
bool recipe_iss_is_right(json_t *spec, const struct names *names,
                         const struct named_secret *secret);

#endif
