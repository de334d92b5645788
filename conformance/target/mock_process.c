#include "target/mock_process.h"
#include "support/buf.h"
#include "support/file.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/options.h"
#include "support/platform.h"
#include "support/spawn.h"
#include "support/try.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    START_MS = 20000, /* long enough for a sanitizer build on a busy machine */
    STOP_MS = 5000,
    PAUSE_MS = 1,
    PATH_BYTES_MAX = 4096,
    PORT_FILE_BYTES_MAX = 4096,
    OUTPUT_BYTES_MAX = 64 * 1024,
    OUTPUT_SHOWN_MAX = 300,
    ARGUMENTS_MAX = 32
};

/* More than the suite uses at once, but fewer than the default: it starts faster. */
#define THREADS "64"

struct mock_process {
    pid_t pid;
    int guard; /* of platform_guard() */
    struct buf port_file;
    struct buf output_file; /* its standard output and standard error */
    struct buf base_url;
    struct buf control_url;
};

enum hm_code mock_program_find(char **program, const char *given, struct hm_error *err)
{
    static const char name[] = "heymarket-mock";
    char self[PATH_BYTES_MAX + sizeof name];
    char *slash;

    *program = NULL;
    if (given != NULL) {
        *program = strdup(given);
        return *program != NULL ? HM_OK : no_memory(err);
    }
    slash = platform_own_path(self, PATH_BYTES_MAX) ? strrchr(self, '/') : NULL;
    if (slash != NULL) {
        memcpy(slash + 1, name, sizeof name);
        if (access(self, X_OK) == 0)
            *program = strdup(self);
    }
    if (*program == NULL)
        *program = strdup(name);
    return *program != NULL ? HM_OK : no_memory(err);
}

/* Appends the end of its output. */
static void append_output(struct buf *out, const struct mock_process *process)
{
    struct buf output;
    size_t start;

    buf_init(&output, OUTPUT_BYTES_MAX);
    if (file_read(&output, buf_text(&process->output_file), NULL) == HM_OK && output.length > 0) {
        while (output.length > 0 && output.data[output.length - 1] == '\n')
            output.data[--output.length] = '\0';
        start = output.length > OUTPUT_SHOWN_MAX ? output.length - OUTPUT_SHOWN_MAX : 0;
        buf_printf(out, "; its output: %s", buf_text(&output) + start);
    }
    buf_fini(&output);
}

/* Fills err with the printf-style text and the end of the mock's output. */
__attribute__((format(printf, 4, 5))) static enum hm_code fail(const struct mock_process *process,
                                                               enum hm_code code,
                                                               struct hm_error *err,
                                                               const char *format, ...)
{
    struct buf text;
    va_list ap;

    buf_init(&text, OUTPUT_BYTES_MAX);
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    append_output(&text, process);
    code = hm_error_set(err, code, "%s", buf_text(&text));
    buf_fini(&text);
    return code;
}

static enum hm_code launch(struct mock_process *process,
                           const char *const arguments[ARGUMENTS_MAX + 1], struct hm_error *err)
{
    int said =
        open(buf_text(&process->output_file), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int streams[] = { -1, said, said };
    char *argv[ARGUMENTS_MAX + 1];
    const struct spawn spawn = {
        .argv = argv,
        .streams = streams,
        .has_own_group = true, /* Ctrl-C is for us; the mock is stopped after the report */
        .death_signal = SIGTERM,
    };
    struct hm_error why;
    enum hm_code code;

    if (said < 0)
        return hm_error_set(err, HM_INTERNAL, "%s: %s", buf_text(&process->output_file),
                            strerror(errno));
    memcpy(argv, arguments, sizeof argv); /* exec does not change the strings, whatever its type */
    code = spawn_start(&process->pid, &spawn, NULL, &why);
    close(said);
    if (code == HM_OK)
        process->guard = platform_guard(process->pid, spawn.death_signal);
    if (code == HM_BAD_INPUT)
        return hm_error_set(
            err, code, "%s; use --mock PATH to name the mock, or --base-url URL for another target",
            why.text);
    return code == HM_OK ? HM_OK : hm_error_set(err, code, "cannot start the mock: %s", why.text);
}

/* Reads the first line of the port file; false: it is not there yet. */
static bool port_file_read(struct mock_process *process)
{
    struct buf text;
    bool is_there;

    buf_init(&text, PORT_FILE_BYTES_MAX);
    is_there = file_read(&text, buf_text(&process->port_file), NULL) == HM_OK && text.length > 0;
    if (is_there)
        buf_add(&process->base_url, buf_text(&text), strcspn(buf_text(&text), "\r\n"));
    buf_fini(&text);
    return is_there;
}

static enum hm_code await_port(struct mock_process *process, struct hm_error *err)
{
    int status = 0;
    int waited;

    for (waited = 0; waited < START_MS; waited += PAUSE_MS) {
        if (access(buf_text(&process->port_file), R_OK) == 0 && port_file_read(process))
            return HM_OK;
        if (waitpid(process->pid, &status, WNOHANG) == process->pid) {
            process->pid = -1;
            if (WIFEXITED(status))
                return fail(process, WEXITSTATUS(status) == EXIT_USAGE ? HM_BAD_INPUT : HM_INTERNAL,
                            err, "the mock did not start, exit code %d", WEXITSTATUS(status));
            return fail(process, HM_INTERNAL, err, "the mock did not start, signal %d",
                        WTERMSIG(status));
        }
        monotonic_pause(PAUSE_MS);
    }
    return fail(process, HM_INTERNAL, err, "the mock was not listening after %d ms", START_MS);
}

/* Makes the command line. @now must live as long as @arguments. */
static void arguments_list(const char *arguments[ARGUMENTS_MAX + 1],
                           const struct mock_process *process, const struct mock_options *options,
                           const char *now)
{
    const char *const common[] = {
        options->program, "serve",
        "--listen",       "0",
        "--port-file",    buf_text(&process->port_file),
        "--log",          "none",
        "--clock",        now,
        "--threads",      THREADS,
        "--world",        options->world_file,
    };
    size_t count = 0;

    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        arguments[count++] = common[i];
    for (size_t i = 0; options->arguments[i] != NULL && count < ARGUMENTS_MAX; i++)
        arguments[count++] = options->arguments[i];
    arguments[count] = NULL;
}

enum hm_code mock_start(struct mock_process **out, const struct mock_options *options,
                        struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct mock_process *process = calloc(1, sizeof *process);
    const char *arguments[ARGUMENTS_MAX + 1] = { NULL };
    char now[32];

    *out = NULL;
    if (process == NULL)
        return no_memory(err);
    process->pid = process->guard = -1;
    buf_init(&process->port_file, PATH_BYTES_MAX);
    buf_init(&process->output_file, PATH_BYTES_MAX);
    buf_init(&process->base_url, PORT_FILE_BYTES_MAX);
    buf_init(&process->control_url, PORT_FILE_BYTES_MAX + sizeof "/_mock");
    buf_printf(&process->port_file, "%s/port-%zu", options->folder, options->number);
    buf_printf(&process->output_file, "%s/mock-%zu.txt", options->folder, options->number);
    if (options->is_real_time)
        snprintf(now, sizeof now, "real");
    else
        snprintf(now, sizeof now, "@%lld", (long long)options->now);
    arguments_list(arguments, process, options, now);
    if (!buf_ok(&process->port_file) || !buf_ok(&process->output_file))
        TRY(no_memory(err));
    TRY(launch(process, arguments, err));
    TRY(await_port(process, err));
    *out = process;
    process = NULL;
out:
    if (process != NULL) {
        mock_stop(process);
        mock_free(process, NULL);
    }
    return code;
}

const char *mock_control_url(struct mock_process *process)
{
    buf_clear(&process->control_url);
    buf_printf(&process->control_url, "%s/_mock", buf_text(&process->base_url));
    return buf_text(&process->control_url);
}

const char *mock_base_url(const struct mock_process *process)
{
    return buf_text(&process->base_url);
}

void mock_stop(struct mock_process *process)
{
    if (process != NULL && process->pid > 0)
        kill(process->pid, SIGTERM);
}

/* Waits for its end; kills it at the timeout. */
static enum hm_code await_end(struct mock_process *process, struct hm_error *err)
{
    int status = 0;
    int waited;
    pid_t ended = 0;

    for (waited = 0; waited < STOP_MS && ended == 0; waited += PAUSE_MS) {
        ended = waitpid(process->pid, &status, WNOHANG);
        if (ended == 0)
            monotonic_pause(PAUSE_MS);
    }
    if (ended == 0) {
        kill(process->pid, SIGKILL);
        waitpid(process->pid, &status, 0);
        return fail(process, HM_INTERNAL, err, "the mock did not stop within %d ms", STOP_MS);
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGTERM)
        return fail(process, HM_INTERNAL, err, "the mock was killed by signal %d",
                    WTERMSIG(status));
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 128 + SIGTERM)
        return fail(process, HM_INTERNAL, err, "the mock ended with exit code %d",
                    WEXITSTATUS(status));
    return HM_OK;
}

enum hm_code mock_free(struct mock_process *process, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (process == NULL)
        return HM_OK;
    if (process->pid > 0)
        code = await_end(process, err);
    platform_guard_end(process->guard);
    buf_fini(&process->port_file);
    buf_fini(&process->output_file);
    buf_fini(&process->base_url);
    buf_fini(&process->control_url);
    free(process);
    return code;
}
