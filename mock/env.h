/* The verb `env`: what `run` would set for a mock that is running. */
#ifndef MOCK_ENV_H
#define MOCK_ENV_H

#include "support/options.h"

int env_run(const struct verb_call *call);

#endif
