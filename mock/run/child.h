/* The command of `run` or `sandbox`: started in our process group, sent the signals that we get,
 * waited for.
 *
 * It is killed when we are. What it starts in turn is not, and may outlive us. */
#ifndef MOCK_RUN_CHILD_H
#define MOCK_RUN_CHILD_H

#include "intercept/intercept.h"
#include <heymarket/error.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

struct child {
    pid_t pid;
    int guard;                 /* of platform_guard() */
    bool has_orphans;          /* become our children */
    bool is_asked_to_end;      /* TERM or HUP has come, whatever the command makes of it */
    sigset_t signals;          /* to wait for: those that are passed on, and CHLD */
    struct rlimit descriptors; /* the limit that we were started with */
};

/* Call it in main's thread, with all signals blocked, before the limit on descriptors is raised.
 * returns HM_OK, HM_INTERNAL */
HM_MUST_USE enum hm_code child_init(struct child *child, struct hm_error *err);

/* Starts the command, found on our PATH, from the thread that called child_init(), in the way of
 * @intercept, which may be NULL.
 * returns 0; SPAWN_NOT_FOUND, SPAWN_NOT_EXECUTABLE; EXIT_OUR_FAULT: there is no process. Fills err
 */
int child_start(struct child *child, struct intercept *intercept, char *const *argv,
                char **environment, struct hm_error *err);

/* Waits for its end and passes on TERM, HUP, INT, QUIT, USR1 and USR2 meanwhile, except those of a
 * terminal, which sends them to the whole process group. Returns its exit code, or SPAWN_BY_SIGNAL
 * + the number of the signal that ended it. */
int child_wait(struct child *child);

#endif
