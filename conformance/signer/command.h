/* A command of the user's, run once: its standard output kept, its time limited. */
#ifndef SUITE_SIGNER_COMMAND_H
#define SUITE_SIGNER_COMMAND_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stdint.h>

enum { COMMAND_OUTPUT_BYTES_MAX = 1024 * 1024 };

/* "NAME=VALUE" for the command's environment. */
struct command_variable {
    const char *name;
    const char *value;
};

struct command {
    char *const *argv;                        /* ends with NULL */
    const struct command_variable *variables; /* set; all other HEYMARKET_* are taken away */
    size_t variable_count;
    int64_t timeout_ms;
    bool keeps_errors; /* its standard error, too, is kept; else it is ours */

    /* Called every so often while it runs; NULL: nothing to do meanwhile. */
    void (*meanwhile)(void *context);
    void *context;
};

/* What came of it. */
struct command_result {
    struct buf output; /* what is kept of what it prints, up to the ceiling */
    int exit_code;     /* 128+n: ended by signal n */
    bool is_late;      /* ended by us when its time was up */
    bool is_cut;       /* more output than the ceiling */
};

/* Runs it, with standard input empty, and waits for its end; what it leaves behind in its process
 * group is killed. command_result_fini() the result after HM_OK.
 * returns HM_OK; HM_BAD_INPUT: not found, or not executable; HM_NO_MEMORY; HM_INTERNAL */
HM_MUST_USE enum hm_code command_run(struct command_result *result, const struct command *command,
                                     struct hm_error *err);
void command_result_fini(struct command_result *result);

#endif
