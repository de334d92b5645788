/* The verb `serve`: runs a mock until a signal. */
#ifndef MOCK_SERVE_H
#define MOCK_SERVE_H

#include "mock_options.h"
#include "support/options.h"
#include <stdbool.h>

int serve_run(const struct verb_call *call);

/* Prints what `--misbehave list` or `--vary list` asks for. False: none was asked for. */
bool serve_lists(const struct serve_options *options);

#endif
