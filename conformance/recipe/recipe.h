/* Token recipes: from the layers of a case to the value of an Authorization header, right or wrong
 * on purpose. Written apart from the library's signer, on the same primitives, because it must be
 * able to deviate at every point [J1-J9]. */
#ifndef SUITE_RECIPE_RECIPE_H
#define SUITE_RECIPE_RECIPE_H

#include "recipe/names.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum { AUTHORIZATIONS_MAX = 8 };

/* The values of the Authorization headers to send; none: the header is not sent. */
struct authorization {
    size_t count;
    char *at[AUTHORIZATIONS_MAX];
};

/* Follows a recipe (a checked token layer, merged).
 *
 * now      Unix time in seconds, from which times are reckoned
 * returns  HM_OK; HM_BAD_INPUT: the recipe names a secret that is not there, or deviates from
 * nothing; HM_NO_MEMORY */
HM_MUST_USE enum hm_code recipe_make(struct authorization *authorization, json_t *recipe,
                                     const struct names *names, int64_t now, struct hm_error *err);

/* Wipes and frees. A zeroed struct is fine. */
void authorization_fini(struct authorization *authorization);

/* What the recipe needs and @names have not: "a second API secret"; NULL: nothing. Static. */
const char *recipe_missing(json_t *recipe, const struct names *names);

#endif
