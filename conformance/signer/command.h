/* A user's command, run once with a time limit; its output is kept. */
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
    char *const *argv; /* ends with NULL */
    const struct command_variable
        *variables; /* set; the others that lead to a server are removed */
    size_t variable_count;
    int64_t timeout_ms;
    bool keeps_errors; /* also keeps standard error; else it goes to ours */
    bool is_recorded;  /* prints where we do, keeps its variables, and reaches us without a proxy */

    /* Called every few milliseconds while it runs; may be NULL. */
    void (*meanwhile)(void *context);
    void *context;
};

struct command_result {
    struct buf output; /* up to COMMAND_OUTPUT_BYTES_MAX */
    int exit_code;     /* 128+n: ended by signal n */
    bool is_late;      /* we ended it at the timeout */
    bool is_cut;       /* it printed more than is kept */
    bool is_stopped;   /* a signal came to us, and we ended it */
};

/* Runs it with empty standard input and waits for its end, then kills what is left of its process
 * group. After HM_OK call command_result_fini().
 * returns HM_OK; HM_BAD_INPUT: not found, or not executable; HM_NO_MEMORY; HM_INTERNAL */
HM_MUST_USE enum hm_code command_run(struct command_result *result, const struct command *command,
                                     struct hm_error *err);
void command_result_fini(struct command_result *result);

#endif
