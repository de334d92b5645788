#include "run/child.h"

#include "support/options.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_OTHER_FD = STDERR_FILENO + 1, OPEN_MAX_DEFAULT = 1024 };

extern char **environ;

static const int passed_on[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2 };

/* Dies with us. The signal comes when the thread that forked ends, which is main's; before the call
 * nothing would come at all, so whoever has lost its parent already goes at once. */
static void die_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_OUR_FAULT);
}

/* Notes signals until it is killed. Holds no descriptor but the one for its notes: whoever reads
 * our output to its end does not wait for the witness. */
static void witness(const sigset_t *signals, int notes, pid_t parent)
{
    die_with(parent);
    for (int fd = STDIN_FILENO; fd < FIRST_OTHER_FD; fd++)
        close(fd);
    for (;;) {
        int number = sigwaitinfo(signals, NULL);
        unsigned char note = (unsigned char)number;

        if (number > 0 && write(notes, &note, sizeof note) != sizeof note)
            _exit(EXIT_OUR_FAULT);
    }
}

enum hm_code child_init(struct child *child, struct hm_error *err)
{
    const pid_t parent = getpid();
    int notes[2];

    *child = (struct child){ .pid = -1, .witness = -1, .notes = -1 };
    if (getrlimit(RLIMIT_NOFILE, &child->descriptors) != 0)
        return hm_error_set(err, HM_INTERNAL, "no limit on descriptors: %s", strerror(errno));
    sigemptyset(&child->signals);
    for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++)
        sigaddset(&child->signals, passed_on[i]);
    /* Ignored by whoever started us, the system would keep the command's end from us. */
    signal(SIGCHLD, SIG_DFL);
    if (pipe(notes) != 0)
        return hm_error_set(err, HM_INTERNAL, "no pipe: %s", strerror(errno));
    fcntl(notes[0], F_SETFD, FD_CLOEXEC);
    fcntl(notes[1], F_SETFD, FD_CLOEXEC);
    child->notes = notes[0];
    child->witness = fork();
    if (child->witness == 0)
        witness(&child->signals, notes[1], parent);
    close(notes[1]);
    sigaddset(&child->signals, SIGCHLD);
    if (child->witness < 0)
        return hm_error_set(err, HM_INTERNAL, "no process can be started: %s", strerror(errno));
    return HM_OK;
}

void child_fini(struct child *child)
{
    if (child->witness > 0) {
        kill(child->witness, SIGKILL);
        while (waitpid(child->witness, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (child->notes >= 0)
        close(child->notes);
    child->witness = -1;
    child->notes = -1;
}

/* Everything but 0, 1 and 2 ends at exec. */
static void descriptors_end_at_exec(void)
{
    long most;

    if (syscall(SYS_close_range, (unsigned)FIRST_OTHER_FD, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
        return;
    most = sysconf(_SC_OPEN_MAX);
    for (int fd = FIRST_OTHER_FD; fd < (most > 0 ? most : OPEN_MAX_DEFAULT); fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* In the child, a copy of one thread of many: only what is safe there. A failure goes through
 * @complaint as its errno. */
static void become(const struct child *child, char *const *argv, char **environment, pid_t parent,
                   int complaint)
{
    struct sigaction by_default = { .sa_handler = SIG_DFL };
    sigset_t none;
    int why;

    die_with(parent);
    sigemptyset(&by_default.sa_mask);
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &by_default, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    descriptors_end_at_exec();
    setrlimit(RLIMIT_NOFILE, &child->descriptors);
    environ = environment;
    execvp(argv[0], argv);
    why = errno;
    while (write(complaint, &why, sizeof why) < 0 && errno == EINTR)
        ;
    _exit(CHILD_NOT_FOUND);
}

/* A script may be there while its interpreter is not, most often for a CR at the end of its first
 * line. */
static int complain(const char *command, int why, struct hm_error *err)
{
    bool is_script = why == ENOENT && strchr(command, '/') != NULL && access(command, F_OK) == 0;

    hm_error_set(err, HM_BAD_INPUT, "%s: %s", command,
                 is_script       ? "the program that its first line names is not found; does the "
                                   "line end in CR LF?"
                 : why == ENOENT ? "not found"
                                 : strerror(why));
    return why == ENOENT && !is_script ? CHILD_NOT_FOUND : CHILD_NOT_EXECUTABLE;
}

int child_start(struct child *child, char *const *argv, char **environment, struct hm_error *err)
{
    const pid_t parent = getpid();
    int complaint[2], why = 0;
    ssize_t got;

    if (pipe(complaint) != 0) {
        hm_error_set(err, HM_INTERNAL, "no pipe: %s", strerror(errno));
        return EXIT_OUR_FAULT;
    }
    fcntl(complaint[0], F_SETFD, FD_CLOEXEC);
    fcntl(complaint[1], F_SETFD, FD_CLOEXEC);
    child->pid = fork();
    if (child->pid == 0)
        become(child, argv, environment, parent, complaint[1]);
    close(complaint[1]);
    if (child->pid < 0) {
        hm_error_set(err, HM_INTERNAL, "no process can be started: %s", strerror(errno));
        close(complaint[0]);
        return EXIT_OUR_FAULT;
    }
    do
        got = read(complaint[0], &why, sizeof why);
    while (got < 0 && errno == EINTR);
    close(complaint[0]);
    if (got != (ssize_t)sizeof why)
        return 0;
    while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    child->pid = -1;
    return complain(argv[0], why, err);
}

/* Has the command got it already, as the witness has? Not if it is in a group of its own by now. */
static bool was_for_the_group(const struct child *child, int number)
{
    struct pollfd ready = { .fd = child->notes, .events = POLLIN };
    unsigned char note;

    if (getpgid(child->pid) != getpgrp())
        return false;
    while (poll(&ready, 1, CHILD_NOTE_MS) > 0 && read(child->notes, &note, sizeof note) == 1) {
        if (note == number)
            return true;
    }
    return false;
}

int child_wait(struct child *child)
{
    int status = 0;

    for (;;) {
        int number = sigwaitinfo(&child->signals, NULL);

        if (number == SIGCHLD) {
            if (waitpid(child->pid, &status, WNOHANG) == child->pid)
                break;
        } else if (number > 0 && !was_for_the_group(child, number)) {
            kill(child->pid, number);
        }
    }
    return WIFSIGNALED(status) ? CHILD_BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}
