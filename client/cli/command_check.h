/* check: are the credentials good, and if not, what is wrong? */
#ifndef CLI_COMMAND_CHECK_H
#define CLI_COMMAND_CHECK_H

#include "support/options.h"

/* For a struct api_options. */
extern const struct option check_options[];

/* Returns an exit code. */
int check(const struct verb_call *call);

#endif
