/* What signers sign in place of header segment, dot, payload segment [J5]. */
#ifndef SIGNING_INPUTS_H
#define SIGNING_INPUTS_H

#include "buf.h"
#include "token_parts.h"

/* A wrong signing input, made of a token's parts. */
struct signing_input_row {
    void (*make)(struct buf *out, const struct token_parts *parts);
    enum hm_mistake mistake;
    const char *made; /* "what was signed is ..." */
};
extern const struct signing_input_row signing_inputs[];
extern const size_t signing_input_count;

#endif
