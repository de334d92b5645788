/* Starts a program in a process of its own, and says why when it cannot.
 *
 * The program begins with an empty signal mask and default dispositions. Safe in a process of
 * several threads. */
#ifndef SUPPORT_SPAWN_H
#define SUPPORT_SPAWN_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

/* Exit codes of the shell and of env(1). */
enum { SPAWN_NOT_EXECUTABLE = 126, SPAWN_NOT_FOUND = 127, SPAWN_BY_SIGNAL = 128 };

struct spawn {
    char *const *argv;                /* ends with NULL; argv[0] is looked for on PATH */
    char **environment;               /* "NAME=VALUE", ends with NULL; NULL: ours */
    const int *streams;               /* three that become its 0, 1 and 2, -1: ours; NULL: ours */
    bool has_own_group;               /* it leads a process group of its own; else it is in ours */
    bool closes_others;               /* it gets no descriptor but 0, 1 and 2 */
    int death_signal;                 /* sent to it when the thread that started it ends; 0: none.
                                         Where platform_end_with_parent() does nothing, the caller
                                         also needs platform_guard() */
    const struct rlimit *descriptors; /* its RLIMIT_NOFILE; NULL: ours */
    /* The last step before the program, in its process: may call what is async-signal-safe. Returns
     * 0 or an errno, which stops the start. NULL: none. */
    int (*prepare)(void *context);
    void *context;
};

/* Returns when the program runs.
 *
 * exit_code  SPAWN_NOT_FOUND or SPAWN_NOT_EXECUTABLE after HM_BAD_INPUT; may be NULL
 * returns    HM_OK; HM_BAD_INPUT: the program cannot be run, err says "argv[0]: why"; HM_INTERNAL:
 *            there is no process or no pipe, or prepare() failed */
HM_MUST_USE enum hm_code spawn_start(pid_t *pid, const struct spawn *spawn, int *exit_code,
                                     struct hm_error *err);

/* The exit code that a shell makes of the status of waitpid(): SPAWN_BY_SIGNAL + N after signal N.
 */
int spawn_exit_code(int status);

#endif
