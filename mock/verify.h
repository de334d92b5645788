/* The verb `verify`: asks a running mock which requests it received, or which channels it has. */
#ifndef MOCK_VERIFY_H
#define MOCK_VERIFY_H

#include "support/options.h"

int verify_run(const struct verb_call *call);

#endif
