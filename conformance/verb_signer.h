/* signer: runs a command that prints a token, and judges the token. */
#ifndef SUITE_VERB_SIGNER_H
#define SUITE_VERB_SIGNER_H

#include "support/options.h"
#include <stdbool.h>
#include <stdint.h>

struct signer_options {
    int format;
    int64_t timeout_s;
    bool is_strict;
    bool waits;
};
extern const struct option signer_options_table[];
void signer_defaults(void *options);
int cmd_signer(const struct verb_call *call);

#endif
