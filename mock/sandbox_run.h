/* The verb `sandbox`: a world of its own on a mock that is running, for one command or a shell. */
#ifndef MOCK_SANDBOX_RUN_H
#define MOCK_SANDBOX_RUN_H

#include "support/options.h"

int sandbox_run(const struct verb_call *call);

#endif
