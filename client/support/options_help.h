/* --help and --version, from the tables that are parsed by. */
#ifndef SUPPORT_OPTIONS_HELP_H
#define SUPPORT_OPTIONS_HELP_H

#include "support/options.h"

/* --help of the whole program, of the verbs that begin with a word ("token"), of one verb. */
void help_program(FILE *out, const struct program *program);
void help_group(FILE *out, const struct program *program, const char *word);
void help_verb(FILE *out, const struct program *program, const struct verb *verb);

void help_version(FILE *out, const struct program *program);

#endif
