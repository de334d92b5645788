#include "signer/command.h"

#include "support/monotonic.h"
#include "support/try.h"
#include "support/variables.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 4096, POLL_MS = 60000, MEANWHILE_MS = 10 };

extern char **environ;

/* In the child, single-threaded: takes the suite's own names away, so that no other secret is at
 * hand but the one that is being judged by. */
static bool set_environment(const struct command *command)
{
    static const char prefix[] = VARIABLE_PREFIX;
    size_t i = 0;

    while (environ[i] != NULL) {
        char name[256];
        size_t length = strcspn(environ[i], "=");

        if (strncmp(environ[i], prefix, sizeof prefix - 1) != 0 || length >= sizeof name) {
            i++;
            continue;
        }
        memcpy(name, environ[i], length);
        name[length] = '\0';
        if (unsetenv(name) != 0)
            return false;
    }
    for (i = 0; i < command->variable_count; i++) {
        if (setenv(command->variables[i].name, command->variables[i].value, 1) != 0)
            return false;
    }
    return true;
}

/* Never returns; the errno of a failed exec goes through @report, which exec closes. */
static void become(const struct command *command, int output, int report)
{
    struct sigaction plain = { .sa_handler = SIG_DFL };
    sigset_t none;
    int input = open("/dev/null", O_RDONLY);
    int failure;

    (void)setpgid(0, 0);
    (void)sigemptyset(&plain.sa_mask);
    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &plain, NULL);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (input >= 0 && dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
        (!command->keeps_errors || dup2(output, STDERR_FILENO) >= 0) && set_environment(command))
        (void)execvp(command->argv[0], command->argv);
    failure = errno;
    if (write(report, &failure, sizeof failure) != (ssize_t)sizeof failure)
        _exit(126);
    _exit(127);
}

/* Reads until the end, the ceiling, or the deadline. */
static enum hm_code collect(struct command_result *result, const struct command *command,
                            int output, int64_t deadline_ms)
{
    const int64_t step_ms = command->meanwhile ? MEANWHILE_MS : POLL_MS;
    char bytes[READ_BYTES];

    for (;;) {
        struct pollfd ready = { .fd = output, .events = POLLIN };
        int64_t left = deadline_ms - monotonic_ms();
        ssize_t count;

        if (command->meanwhile)
            command->meanwhile(command->context);
        if (left <= 0 || poll(&ready, 1, (int)(left < step_ms ? left : step_ms)) == 0) {
            if (monotonic_ms() < deadline_ms)
                continue;
            result->is_late = true;
            return HM_OK;
        }
        count = read(output, bytes, sizeof bytes);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return HM_OK;
        buf_add(&result->output, bytes, (size_t)count);
        if (!buf_ok(&result->output)) {
            result->is_cut = result->output.status == BUF_TOO_LONG;
            return result->is_cut ? HM_OK : HM_NO_MEMORY;
        }
    }
}

static void wait_for(struct command_result *result, pid_t child, int64_t deadline_ms)
{
    int status = 0;
    pid_t ended = 0;

    while (!result->is_late && !result->is_cut && (ended = waitpid(child, &status, WNOHANG)) == 0) {
        const struct timespec moment = { 0, 1000000 };

        result->is_late = monotonic_ms() >= deadline_ms;
        (void)nanosleep(&moment, NULL);
    }
    (void)kill(-child, SIGKILL); /* and whatever it started */
    if (ended == 0)
        (void)waitpid(child, &status, 0);
    result->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void close_if_open(int *descriptor)
{
    if (*descriptor >= 0)
        (void)close(*descriptor);
    *descriptor = -1;
}

static enum hm_code fail(struct hm_error *err, const char *what)
{
    (void)hm_error_set(err, HM_INTERNAL, "%s: %s", what, strerror(errno));
    return HM_INTERNAL;
}

enum hm_code command_run(struct command_result *result, const struct command *command,
                         struct hm_error *err)
{
    enum hm_code code = HM_OK;
    int output[2] = { -1, -1 };
    int report[2] = { -1, -1 };
    int64_t deadline_ms = monotonic_ms() + command->timeout_ms;
    int failure = 0;
    pid_t child;

    memset(result, 0, sizeof *result);
    buf_init(&result->output, COMMAND_OUTPUT_BYTES_MAX);
    if (pipe(output) != 0 || pipe(report) != 0) {
        code = fail(err, "pipe");
        goto out;
    }
    (void)fcntl(output[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(output[1], F_SETFD, FD_CLOEXEC);
    (void)fcntl(report[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(report[1], F_SETFD, FD_CLOEXEC);
    (void)fflush(NULL);
    child = fork();
    if (child < 0) {
        code = fail(err, "fork");
        goto out;
    }
    if (child == 0)
        become(command, output[1], report[1]);
    (void)setpgid(child, child); /* here too, whoever is first */
    close_if_open(&output[1]);
    close_if_open(&report[1]);
    if (read(report[0], &failure, sizeof failure) == (ssize_t)sizeof failure) {
        (void)waitpid(child, NULL, 0);
        code = hm_error_set(err, HM_BAD_INPUT, "%s: %s", command->argv[0], strerror(failure));
        goto out;
    }
    code = collect(result, command, output[0], deadline_ms);
    wait_for(result, child, deadline_ms);
    if (code != HM_OK)
        (void)hm_error_set(err, code, "out of memory");
out:
    close_if_open(&output[0]);
    close_if_open(&output[1]);
    close_if_open(&report[0]);
    close_if_open(&report[1]);
    if (code != HM_OK)
        command_result_fini(result);
    return code;
}

void command_result_fini(struct command_result *result)
{
    buf_fini(&result->output);
}
