/* The key that a recipe signs with: ID||KEY [J5], or what a mistake makes of it. */
#ifndef SUITE_RECIPE_RECIPE_KEY_H
#define SUITE_RECIPE_RECIPE_KEY_H

#include "recipe/names.h"
#include "recipe/recipe_text.h"
#include "support/buf.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>

enum { RECIPE_KEY_BYTES_MAX = 8192 };

/* Appends the key's bytes to @key.
 *
 * secret  the recipe's "secret", or NULL
 * words   the ID and key, and the values of names in texts */
HM_MUST_USE enum hm_code recipe_key_make(struct buf *key, json_t *secret, const struct names *names,
                                         const struct recipe_words *words, struct hm_error *err);

/* Does the recipe's "secret" make the right key of this secret, as a cut does of a short one?
 * False also if memory ran out. */
bool recipe_key_is_right(json_t *secret, const struct names *names,
                         const struct named_secret *named);

#endif
