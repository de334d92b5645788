/* Text of a recipe with names: {ID} and {KEY} of the secret in use, {LEGACY} the team's older
 * key, {now} and {now-310} the time; {base64:...}, {hex:...} and {percent:...} encode what is in
 * them. */
#ifndef SUITE_RECIPE_RECIPE_TEXT_H
#define SUITE_RECIPE_RECIPE_TEXT_H

#include "recipe/names.h"
#include "support/buf.h"
#include <stdbool.h>
#include <stdint.h>

struct recipe_words {
    const struct named_secret *secret;
    struct private_text legacy_key; /* not set: unknown */
    const char *token;              /* {token}; NULL: not replaced */
    int64_t now;
};

/* Wipes the bytes and frees them. */
void secret_buf_fini(struct buf *buf);

/* Appends bytes as text. @how: "base64" with padding, "hex", "percent" (all but letters and
 * digits). */
void recipe_text_encode(struct buf *out, const char *how, const char *bytes, size_t length);

/* Appends @text with its names replaced. */
void recipe_text_expand(struct buf *out, const char *text, const struct recipe_words *words);

#endif
