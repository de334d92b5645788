/* The command line of one verb. */
#ifndef SUPPORT_OPTIONS_PARSE_H
#define SUPPORT_OPTIONS_PARSE_H

#include "support/options.h"

/* Parses what follows the verb and runs it; returns the exit code. */
int verb_main(const struct program *program, const struct verb *verb, int argc, char **argv);

#endif
