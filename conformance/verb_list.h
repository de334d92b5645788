/* Lists the chosen cases as text, TAP or JSON; sends nothing. Returns the exit code. */
#ifndef SUITE_VERB_LIST_H
#define SUITE_VERB_LIST_H

#include "support/options.h"

int cmd_list(const struct verb_call *call);

#endif
