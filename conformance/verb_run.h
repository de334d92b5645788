/* Runs the cases. Returns the exit code. */
#ifndef SUITE_VERB_RUN_H
#define SUITE_VERB_RUN_H

#include "support/options.h"

int cmd_run(const struct verb_call *call);

#endif
