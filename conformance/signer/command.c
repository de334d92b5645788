#include "signer/command.h"

#include "contract/variables.h"
#include "support/environment.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/spawn.h"
#include "support/try.h"
#include "target/pace.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_BYTES = 4096, POLL_MS = 100, MEANWHILE_MS = 10, TERM_MS = 200 };

/* Starts it with an empty standard input and its own process group, which can be killed as a whole.
 */
static enum hm_code start(pid_t *child, const struct command *command, int output,
                          struct hm_error *err)
{
    int streams[] = { open("/dev/null", O_RDONLY | O_CLOEXEC), output,
                      command->keeps_errors ? output : -1 };
    struct spawn spawn = { .argv = command->argv, .streams = streams, .has_own_group = true };
    struct environment environment;
    enum hm_code code;

    environment_init(&environment);
    if (command->is_recorded)
        environment_bypass_proxy(&environment);
    /* Otherwise it must not find another secret. */
    for (const char *const *name = variables_of_target; *name != NULL && !command->is_recorded;
         name++)
        environment_remove(&environment, *name);
    for (size_t i = 0; i < command->variable_count; i++)
        environment_set(&environment, command->variables[i].name, command->variables[i].value);
    spawn.environment = environment.at;
    code = environment.is_broken ? no_memory(err) : spawn_start(child, &spawn, NULL, err);
    environment_fini(&environment);
    if (streams[0] >= 0)
        close(streams[0]);
    return code;
}

/* Reads until the end, the size limit, the deadline, or a signal to us. */
static enum hm_code collect(struct command_result *result, const struct command *command,
                            int output, int64_t deadline_ms)
{
    const int64_t step_ms = command->meanwhile != NULL ? MEANWHILE_MS : POLL_MS;
    char bytes[READ_BYTES];

    for (;;) {
        struct pollfd ready = { .fd = output, .events = POLLIN };
        int64_t left = deadline_ms - monotonic_ms();
        ssize_t count;

        if (command->meanwhile != NULL)
            command->meanwhile(command->context);
        result->is_stopped = stop_signal() != 0;
        if (result->is_stopped)
            return HM_OK;
        if (left <= 0 || poll(&ready, 1, (int)(left < step_ms ? left : step_ms)) <= 0) {
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

/* Has the child ended? Waits at most until @deadline_ms, or until a signal to us if
 * @ends_early is set. */
static bool has_ended(int *status, pid_t child, int64_t deadline_ms, bool ends_early)
{
    pid_t ended;

    while ((ended = waitpid(child, status, WNOHANG)) == 0 && monotonic_ms() < deadline_ms &&
           !(ends_early && stop_signal() != 0))
        monotonic_pause(1);
    return ended != 0;
}

/* After a signal to us the command gets TERM, and a moment for its own cleanup. */
static void wait_for(struct command_result *result, pid_t child, int64_t deadline_ms)
{
    int status = 0;
    bool ended = false;

    if (!result->is_late && !result->is_cut && !result->is_stopped)
        ended = has_ended(&status, child, deadline_ms, true);
    result->is_stopped = stop_signal() != 0;
    if (!ended && result->is_stopped) {
        kill(-child, SIGTERM);
        ended = has_ended(&status, child, monotonic_ms() + TERM_MS, false);
    }
    result->is_late = !ended && !result->is_cut && !result->is_stopped;
    kill(-child, SIGKILL); /* and everything it started */
    if (!ended)
        waitpid(child, &status, 0);
    result->exit_code = spawn_exit_code(status);
}

static void close_if_open(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

enum hm_code command_run(struct command_result *result, const struct command *command,
                         struct hm_error *err)
{
    enum hm_code code = HM_OK;
    int output[2] = { -1, -1 };
    int64_t deadline_ms = monotonic_ms() + command->timeout_ms;
    pid_t child;

    *result = (struct command_result){ .exit_code = 0 };
    buf_init(&result->output, COMMAND_OUTPUT_BYTES_MAX);
    if (command->is_recorded) {
        TRY(start(&child, command, -1, err));
        wait_for(result, child, deadline_ms);
        goto out;
    }
    if (platform_pipe(output) != 0)
        TRY(hm_error_set(err, HM_INTERNAL, "cannot create a pipe: %s", strerror(errno)));
    TRY(start(&child, command, output[1], err));
    close_if_open(&output[1]);
    code = collect(result, command, output[0], deadline_ms);
    wait_for(result, child, deadline_ms);
    if (code != HM_OK)
        code = no_memory(err);
out:
    close_if_open(&output[0]);
    close_if_open(&output[1]);
    if (code != HM_OK)
        command_result_fini(result);
    return code;
}

void command_result_fini(struct command_result *result)
{
    buf_fini(&result->output);
}
