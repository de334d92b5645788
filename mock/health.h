/* The verb `health`: is the mock up? */
#ifndef HEALTH_H
#define HEALTH_H

#include "options.h"

int health_run(const struct verb_call *call);

#endif
