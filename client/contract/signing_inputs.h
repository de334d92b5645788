/* What signers sign in place of header segment, dot, payload segment [J5]. */
#ifndef CONTRACT_SIGNING_INPUTS_H
#define CONTRACT_SIGNING_INPUTS_H

#include "contract/token_parts.h"
#include "support/buf.h"

/* A wrong signing input, made of a token's parts. */
struct signing_input_row {
    const char *pattern; /* h p: the segments; H P: their JSON texts; ^: the byte-order mark of
                            UTF-16; all else is literal */
    size_t width;        /* of the lines that a segment is broken into; 0: it is not */
    const char *made;    /* "what was signed is ..." */
    enum hm_mistake mistake;
    enum { SEGMENT_AS_IS, SEGMENT_PADDED, SEGMENT_BASE64 } segment; /* how h and p are written */
    enum { TEXT_ASCII, TEXT_UTF16, TEXT_UTF16_BIG } text;           /* the encoding of all of it */
};
extern const struct signing_input_row signing_inputs[];
extern const size_t signing_input_count;

void signing_input_write(struct buf *out, const struct signing_input_row *row,
                         const struct token_parts *parts);

#endif
