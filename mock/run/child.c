#include "run/child.h"

#include "support/options.h"
#include "support/platform.h"
#include "support/spawn.h"
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

static const int passed_on[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2 };

enum hm_code child_init(struct child *child, struct hm_error *err)
{
    *child = (struct child){ .pid = -1 };
    sigemptyset(&child->signals);
    for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++)
        sigaddset(&child->signals, passed_on[i]);
    sigaddset(&child->signals, SIGCHLD);
    if (getrlimit(RLIMIT_NOFILE, &child->descriptors) != 0)
        return hm_error_set(err, HM_INTERNAL, "cannot read the limit on open files: %s",
                            strerror(errno));
    return HM_OK;
}

int child_start(struct child *child, struct intercept *intercept, char *const *argv,
                char **environment, struct hm_error *err)
{
    const struct spawn spawn = { .argv = argv,
                                 .environment = environment,
                                 .closes_others = true,
                                 .death_signal = SIGKILL,
                                 .descriptors = &child->descriptors };
    int exit_code = EXIT_OUR_FAULT;

    platform_signals_expect(&child->signals);
    if ((intercept != NULL ? intercept_spawn(intercept, &child->pid, &spawn, &exit_code, err)
                           : spawn_start(&child->pid, &spawn, &exit_code, err)) != HM_OK)
        return exit_code;
    child->has_orphans = intercept != NULL && intercept->connect.supervise != NULL;
    child->guard = platform_guard(child->pid, spawn.death_signal);
    return 0;
}

/* Also ends the zombies of a supervised command's orphans, which are children of ours. */
static bool has_ended(const struct child *child, int *status)
{
    pid_t ended;

    do
        ended = waitpid(child->has_orphans ? -1 : child->pid, status, WNOHANG);
    while (ended > 0 && ended != child->pid);
    return ended == child->pid;
}

int child_wait(struct child *child)
{
    int status = 0;

    for (;;) {
        bool is_from_terminal;
        int number = platform_signal_take(&child->signals, &is_from_terminal);

        if (number == SIGCHLD) {
            if (has_ended(child, &status)) {
                platform_guard_end(child->guard);
                return spawn_exit_code(status);
            }
            continue;
        }
        if (number == SIGTERM || number == SIGHUP)
            child->is_asked_to_end = true;
        if (!is_from_terminal) {
            kill(child->pid, number);
            if (number != SIGUSR1 && number != SIGUSR2)
                kill(child->pid, SIGCONT); /* one that is stopped would not get it */
        }
    }
}
