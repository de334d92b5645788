/* Text of a recipe in which names stand for what the target's names say: {ID} and {KEY} of the
 * secret in use, {LEGACY} the team's older key, {now} and {now-310} the time. */
#ifndef SUITE_RECIPE_RECIPE_TEXT_H
#define SUITE_RECIPE_RECIPE_TEXT_H

#include "recipe/names.h"
#include "support/buf.h"
#include <stdbool.h>
#include <stdint.h>

struct recipe_words {
    const struct named_secret *secret;
    const char *legacy_key; /* NULL: not there */
    const char *token;      /* {token}; NULL: stays as it stands */
    int64_t now;
};

/* Appends @text with its names replaced. */
void recipe_text_expand(struct buf *out, const char *text, const struct recipe_words *words);

#endif
