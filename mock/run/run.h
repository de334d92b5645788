/* The verb `run`: starts a mock, runs a command against it, reports, stops. */
#ifndef MOCK_RUN_RUN_H
#define MOCK_RUN_RUN_H

#include "support/options.h"

enum { RUN_NOT_STARTED = 125 }; /* the mock did not start, so the command did not either */

int run_run(const struct verb_call *call);

#endif
