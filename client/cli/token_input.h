/* TOKEN on a command line: a token, a header's value, a header line, or standard input. */
#ifndef CLI_TOKEN_INPUT_H
#define CLI_TOKEN_INPUT_H

#include "support/buf.h"
#include "support/options.h"
#include <heymarket/token.h>

/* What was given; the text is secret. */
struct token_input {
    struct buf text;   /* as it was given, one trailing line break taken off standard input */
    const char *value; /* the token, or the header's value; borrowed from text */
    size_t length;
    bool is_header; /* it is a header's value: the scheme is part of it [J1] */
};

/* Reads the verb's first argument; "-", or none, is standard input. token_input_fini() it after
 * HM_OK. returns HM_OK, HM_BAD_INPUT (nothing, or more than fits a header), HM_NO_MEMORY
 */
HM_MUST_USE enum hm_code token_input_read(struct token_input *input, const struct verb_call *call,
                                          struct hm_error *err);
void token_input_fini(struct token_input *input);

/* Removes the scheme, so that the bare token is left. */
void token_input_strip_scheme(struct token_input *input);

#endif
