/* Prints the Authorization values of a case. Returns the exit code. */
#ifndef SUITE_VERB_TOKEN_H
#define SUITE_VERB_TOKEN_H

#include "support/options.h"

int cmd_token(const struct verb_call *call);

#endif
