/* What options.c, options_parse.c and options_help.c share. */
#ifndef SUPPORT_OPTIONS_PARTS_H
#define SUPPORT_OPTIONS_PARTS_H

#include "support/options.h"

/* --help of the whole program, of the verbs that begin with a word ("token"), of one verb. */
void help_program(FILE *out, const struct program *program);
void help_group(FILE *out, const struct program *program, const char *word);
void help_verb(FILE *out, const struct program *program, const struct verb *verb);
void help_version(FILE *out, const struct program *program);

/* The manual page, roff with the man macros. */
void help_manual(FILE *out, const struct program *program);

/* The words of a verb's usage line: "heymarket-mock run [options] -- CMD [ARG...]". */
struct usage {
    char text[160];
};
struct usage usage_of(const struct program *program, const struct verb *verb);

/* Is it "token sign" or another verb that begins with the word "token"? */
bool verb_is_in_group(const struct verb *verb, const char *word, size_t length);

/* The verb that runs when none is named; NULL: the program has no such verb. */
const struct verb *verb_default(const struct program *program);

/* The named verb that does the same as the default one, or the other way round; NULL: none. */
const struct verb *verb_twin(const struct program *program, const struct verb *verb);

/* Does the verb's command line end in "-- CMD"? */
bool verb_takes_command(const struct verb *verb);

/* Parses what follows the verb and runs it; returns the exit code. */
int verb_main(const struct program *program, const struct verb *verb, int argc, char **argv);

/* The user's text in quotes, or its length where it is so long that it may be a secret. */
struct shown {
    char text[48];
};
struct shown shown_text(const char *text, size_t length);

/* "heymarket token", what to put before " --help" for a verb. */
struct shown verb_command(const struct program *program, const struct verb *verb);

#endif
