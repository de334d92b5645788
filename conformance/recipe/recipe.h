/* From a token recipe to the value of an Authorization header, correct or wrong on purpose. It
 * does not use the library's signer, because it must be able to deviate at every point [J1-J9]. */
#ifndef SUITE_RECIPE_RECIPE_H
#define SUITE_RECIPE_RECIPE_H

#include "recipe/names.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum { AUTHORIZATIONS_MAX = 8 };

/* Values of the Authorization headers; none: no header is sent. */
struct authorization {
    size_t count;
    char *at[AUTHORIZATIONS_MAX];
};

/* Follows a recipe (a checked and merged token layer).
 *
 * now      Unix time in seconds, for the times in the token
 * returns  HM_OK; HM_BAD_INPUT: the recipe needs an unknown secret, or changes nothing;
 * HM_NO_MEMORY */
HM_MUST_USE enum hm_code recipe_make(struct authorization *authorization, json_t *recipe,
                                     const struct names *names, int64_t now, struct hm_error *err);

/* Wipes and frees. A zeroed struct is fine. */
void authorization_fini(struct authorization *authorization);

/* What the recipe needs and @names do not have ("an API secret"); NULL: nothing. Static. */
const char *recipe_missing(json_t *recipe, const struct names *names);

/* What the key at hand would have to be for the recipe to be what the case says, if nothing is
 * missing; NULL: it is. Static. */
const char *recipe_unfit(json_t *recipe, const struct names *names);

#endif
