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

/* How many of @length bytes the recipe's "cut" leaves. */
size_t recipe_key_kept(const json_t *cut, size_t length);

/* Does the recipe's "secret" make the right key of this secret, as a cut does of a short one?
 * False also if memory ran out. */
bool recipe_key_is_right(json_t *secret, const struct names *names,
                         const struct named_secret *named);

#endif
