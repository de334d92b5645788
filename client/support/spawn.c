#include "support/spawn.h"

#include "support/platform.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_OTHER_FD = STDERR_FILENO + 1, SIGNALS_END = 65 /* of any system */ };

extern char **environ;

static void signals_reset(void)
{
    struct sigaction by_default = { .sa_handler = SIG_DFL };
    sigset_t none;

    sigemptyset(&by_default.sa_mask);
    for (int number = 1; number < SIGNALS_END; number++)
        sigaction(number, &by_default, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool streams_set(const int *streams)
{
    for (int fd = 0; fd < FIRST_OTHER_FD; fd++) {
        /* dup2() of a descriptor to itself keeps its FD_CLOEXEC. */
        if (streams[fd] >= 0 && (dup2(streams[fd], fd) < 0 || fcntl(fd, F_SETFD, 0) != 0))
            return false;
    }
    return true;
}

/* What the child tells its parent when the program cannot be started. */
struct failure {
    int why; /* errno */
    bool is_prepare;
};

/* In the child: only what is async-signal-safe. Writes the failure to @report. */
static void become(const struct spawn *spawn, pid_t parent, int report)
{
    struct failure failure = { 0 };

    if (spawn->death_signal != 0)
        platform_end_with_parent(spawn->death_signal, parent);
    if (spawn->has_own_group)
        setpgid(0, 0);
    signals_reset();
    if (spawn->closes_others)
        platform_close_at_exec(FIRST_OTHER_FD);
    if (spawn->descriptors != NULL)
        setrlimit(RLIMIT_NOFILE, spawn->descriptors);
    if (spawn->streams == NULL || streams_set(spawn->streams)) {
        if (spawn->environment != NULL)
            environ = spawn->environment;
        if (spawn->prepare != NULL)
            failure.why = spawn->prepare(spawn->context);
        failure.is_prepare = failure.why != 0;
        if (!failure.is_prepare)
            execvp(spawn->argv[0], spawn->argv);
    }
    if (!failure.is_prepare)
        failure.why = errno;
    while (write(report, &failure, sizeof failure) < 0 && errno == EINTR)
        ;
    _exit(SPAWN_NOT_FOUND);
}

static enum hm_code complain(const char *program, int why, int *exit_code, struct hm_error *err)
{
    /* A script whose interpreter is not found, most often for a CR at the end of its first line. */
    bool is_script = why == ENOENT && strchr(program, '/') != NULL && access(program, F_OK) == 0;

    if (exit_code != NULL)
        *exit_code = why == ENOENT && !is_script ? SPAWN_NOT_FOUND : SPAWN_NOT_EXECUTABLE;
    return hm_error_set(
        err, HM_BAD_INPUT, "%s: %s", program,
        is_script ? "the interpreter in its first line was not found; does the line end in CR LF?"
        : why == ENOENT ? "not found"
                        : strerror(why));
}

enum hm_code spawn_start(pid_t *pid, const struct spawn *spawn, int *exit_code,
                         struct hm_error *err)
{
    const pid_t parent = getpid();
    struct failure failure = { 0 };
    int report[2];
    ssize_t got;

    *pid = -1;
    if (platform_pipe(report) != 0)
        return hm_error_set(err, HM_INTERNAL, "cannot create a pipe: %s", strerror(errno));
    *pid = fork();
    if (*pid == 0)
        become(spawn, parent, report[1]);
    failure.why = errno;
    close(report[1]);
    if (*pid < 0) {
        close(report[0]);
        return hm_error_set(err, HM_INTERNAL, "cannot start a process: %s", strerror(failure.why));
    }
    do
        got = read(report[0], &failure, sizeof failure); /* exec closes the other end */
    while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got != (ssize_t)sizeof failure)
        return HM_OK;
    while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *pid = -1;
    if (failure.is_prepare)
        return hm_error_set(err, HM_INTERNAL, "cannot prepare the process of %s: %s",
                            spawn->argv[0], strerror(failure.why));
    return complain(spawn->argv[0], failure.why, exit_code, err);
}

int spawn_exit_code(int status)
{
    return WIFSIGNALED(status) ? SPAWN_BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}
