/* The command heymarket-mock as data: its verbs, and what --help and the manual page say. */
#ifndef MOCK_MOCK_PROGRAM_H
#define MOCK_MOCK_PROGRAM_H

#include "support/options.h"

extern const struct program mock_program;

#endif
