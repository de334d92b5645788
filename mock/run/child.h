/* The command of `run`: started in our process group, told what we are told, waited for.
 *
 * It begins with an empty signal mask, default dispositions, no descriptor but 0, 1 and 2 and the
 * limit on them that we were given, and is killed when we are. What it starts in turn is its own
 * affair: that outlives us if it does.
 *
 * A signal for the whole process group (Ctrl-C, `kill 0`, a runner that stops a job) has reached
 * the command, too, and passing it on would double it. The kernel does not tell such a signal from
 * one for us alone, so there is a witness: a process of ours in the same group that does nothing
 * but note what it gets. */
#ifndef MOCK_RUN_CHILD_H
#define MOCK_RUN_CHILD_H

#include <heymarket/error.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

/* Of the shell, and of env(1). */
enum { CHILD_NOT_EXECUTABLE = 126, CHILD_NOT_FOUND = 127, CHILD_BY_SIGNAL = 128 };

enum {
    CHILD_NOTE_MS = 100 /* for the witness to note a signal, on a busy machine, too */
};

struct child {
    pid_t pid;
    pid_t witness;
    int notes;                 /* signal numbers from the witness, a byte each */
    sigset_t signals;          /* to wait for: those that are passed on, and CHLD */
    struct rlimit descriptors; /* the limit that we were started with */
};

/* Starts the witness. Call it first in main's thread, while there is no other, with all signals
 * blocked, before the limit on descriptors is raised. child_fini() it, whatever is returned.
 * returns HM_OK, HM_INTERNAL */
HM_MUST_USE enum hm_code child_init(struct child *child, struct hm_error *err);
void child_fini(struct child *child);

/* Starts the command, found on our PATH, from the thread that called child_init().
 * returns 0; CHILD_NOT_FOUND, CHILD_NOT_EXECUTABLE with what the system says in @err;
 * EXIT_OUR_FAULT: it could not be started at all */
int child_start(struct child *child, char *const *argv, char **environment, struct hm_error *err);

/* Waits for its end and passes on TERM, HUP, INT, QUIT, USR1 and USR2 meanwhile. Returns its exit
 * code, or CHILD_BY_SIGNAL + the number of the signal that ended it. */
int child_wait(struct child *child);

#endif
