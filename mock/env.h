/* The verb `env`: what `run` would set for a mock that is running. */
#ifndef MOCK_ENV_H
#define MOCK_ENV_H

#include "mock_options.h"
#include "support/options.h"

/* Prints the variables of an answer of /_mock/env or /_mock/sandboxes, whose text it is. Returns
 * the exit code. */
int env_print(const struct program *program, enum env_shell shell, const char *text);

int env_run(const struct verb_call *call);

#endif
