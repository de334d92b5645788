/* The verb `completion`: a script for a shell, which asks the program what may come next. All that
 * is offered comes from the tables that are parsed by and from the program's table of values. */
#ifndef SUPPORT_COMPLETION_H
#define SUPPORT_COMPLETION_H

#include "support/fixture.h"
#include "support/options.h"

/* A row for a program's table of verbs. */
#define COMPLETION_VERB                                                                            \
    {                                                                                              \
        "completion", "bash|zsh|fish",                                                             \
            "Print the script that completes this program's command lines in a shell.", NULL, 0,   \
            NULL, 1, -1, completion_run                                                            \
    }

/* `completion SHELL` prints the script. `completion SHELL -- WORD...` is what the script asks: what
 * may the last WORD be? The answer is a line with its kind, then a line for each word that is
 * offered: the word, a tab, and what it is.
 *   words             the lines that follow
 *   files KEPT        names of files, after KEPT (a tab before it); folders KEPT likewise
 *   command N         another command line, which begins with the Nth WORD */
int completion_run(const struct verb_call *call);

/* The scripts, in client/completion/. */
extern const struct embedded_file embedded_completions[];

#endif
