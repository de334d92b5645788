/* What signers sign in place of header segment, dot, payload segment [J5]. */
#ifndef CONTRACT_SIGNING_INPUTS_H
#define CONTRACT_SIGNING_INPUTS_H

#include "contract/token_parts.h"
#include "support/buf.h"

/* A wrong signing input, made of a token's parts. */
struct signing_input_row {
    void (*make)(struct buf *out, const struct token_parts *parts);
    enum hm_mistake mistake;
    const char *made; /* "what was signed is ..." */
};
extern const struct signing_input_row signing_inputs[];
extern const size_t signing_input_count;

#endif
