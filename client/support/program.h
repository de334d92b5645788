/* A program whose command line is a table of verbs. */
#ifndef SUPPORT_PROGRAM_H
#define SUPPORT_PROGRAM_H

#include "support/options.h"

/* Finds the verb, parses its options, runs it and returns the exit code. Every program and every
 * verb also has `--help` and `--version`; an option may be `--name VALUE` or `--name=VALUE`. A
 * mistake prints one sentence to stderr, with the nearest name for an unknown one, and returns
 * EXIT_USAGE. Flushes stdout; EXIT_OUR_FAULT: it cannot be written, as on a full disk. */
int program_main(const struct program *program, int argc, char **argv);

#endif
