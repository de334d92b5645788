/* The verb `health`: is the mock up? */
#ifndef MOCK_HEALTH_H
#define MOCK_HEALTH_H

#include "support/options.h"

int health_run(const struct verb_call *call);

#endif
