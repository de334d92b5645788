/* What a program starts with, and why one does not start. */
#include "support/environment.h"
#include "support/spawn.h"
#include "tests/need_proc.h"
#include "tests/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct hm_error err;

/* Runs the script, with @spawn's other settings, and gives back what it prints. */
static int run(struct spawn spawn, const char *script, char out[512])
{
    char shell[] = "/bin/sh", option[] = "-c", text[512];
    char *argv[] = { shell, option, text, NULL };
    int ends[2], streams[3] = { -1, -1, -1 }, status = 0;
    size_t length = 0;
    ssize_t got;
    pid_t pid;

    snprintf(text, sizeof text, "%s", script);
    if (pipe(ends) != 0)
        return -1;
    streams[1] = ends[1];
    spawn.argv = argv;
    spawn.streams = streams;
    if (spawn_start(&pid, &spawn, NULL, &err) != HM_OK)
        return -1;
    close(ends[1]);
    while ((got = read(ends[0], out + length, 511 - length)) > 0)
        length += (size_t)got;
    out[length] = '\0';
    close(ends[0]);
    waitpid(pid, &status, 0);
    return spawn_exit_code(status);
}

TEST(gives_output_and_exit_code)
{
    char out[512];

    assert_int_equal(run((struct spawn){ 0 }, "echo said; exit 3", out), 3);
    assert_string_equal(out, "said\n");
    assert_int_equal(run((struct spawn){ 0 }, "kill -TERM $$", out), SPAWN_BY_SIGNAL + SIGTERM);
}

TEST(sets_environment_group_and_limit)
{
    struct environment environment;
    struct rlimit limit = { 77, 77 };
    struct spawn spawn = { .has_own_group = true, .descriptors = &limit };
    char out[512];

    NEED_PROC();
    assert_int_equal(setenv("SPAWN_TEST_OLD", "1", 1), 0);
    environment_init(&environment);
    environment_remove(&environment, "SPAWN_TEST_OLD");
    environment_remove(&environment, "SPAWN_TEST_OLD");
    environment_set(&environment, "SPAWN_TEST_NEW", "one");
    environment_set(&environment, "SPAWN_TEST_NEW", "two");
    assert_false(environment.is_broken);
    assert_string_equal(environment_find(&environment, "SPAWN_TEST_NEW"), "two");
    spawn.environment = environment.at;
    run(spawn,
        "echo $SPAWN_TEST_OLD$SPAWN_TEST_NEW $(ulimit -n) $(($(cut -d' ' -f5 /proc/$$/stat) - $$))",
        out);
    environment_fini(&environment);
    assert_string_equal(out, "two 77 0\n");
}

TEST(resets_signals_and_closes_descriptors)
{
    char out[512];
    sigset_t blocked, before;
    int open_one = open("/dev/null", O_RDONLY);
    int moved = fcntl(open_one, F_DUPFD, 50);

    NEED_PROC();
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    signal(SIGHUP, SIG_IGN);
    run((struct spawn){ .closes_others = true },
        "grep -E '^Sig(Blk|Ign)' /proc/$$/status | tr -d '\\t\\n'; test -e /proc/$$/fd/50 || echo "
        "closed",
        out);
    signal(SIGHUP, SIG_DFL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    assert_string_equal(out, "SigBlk:0000000000000000SigIgn:0000000000000000closed\n");
    run((struct spawn){ 0 }, "test -e /proc/$$/fd/50 && echo open", out);
    close(moved);
    close(open_one);
    assert_string_equal(out, "open\n");
}

static int prepare(void *context)
{
    const int *why = context;

    return *why == 0 && write(STDOUT_FILENO, "prepared ", 9) != 9 ? EIO : *why;
}

TEST(prepares_the_process)
{
    char absent[] = "no-such-program-here";
    char *argv[] = { absent, NULL };
    struct spawn spawn = { .prepare = prepare };
    int why = 0, exit_code = 0;
    char out[512];
    pid_t pid;

    spawn.context = &why;
    assert_int_equal(run(spawn, "echo started", out), 0);
    assert_string_equal(out, "prepared started\n");
    why = EPERM; /* before the program is looked for */
    spawn.argv = argv;
    assert_int_equal(spawn_start(&pid, &spawn, &exit_code, &err), HM_INTERNAL);
    assert_int_equal(pid, -1);
    assert_int_equal(exit_code, 0);
    assert_string_equal(err.text, "cannot prepare the process of no-such-program-here: "
                                  "Operation not permitted");
}

TEST(says_why_not)
{
    char path[TEMPORARY_PATH], absent[] = "no-such-program-here";
    char *argv[] = { absent, NULL };
    const struct spawn spawn = { .argv = argv };
    int exit_code = 0;
    pid_t pid;
    FILE *file = temporary_file(path) ? fopen(path, "w") : NULL;

    assert_non_null(file);
    assert_int_equal(spawn_start(&pid, &spawn, &exit_code, &err), HM_BAD_INPUT);
    assert_int_equal(exit_code, SPAWN_NOT_FOUND);
    assert_int_equal(pid, -1);
    assert_string_equal(err.text, "no-such-program-here: not found");
    argv[0] = path;
    assert_int_equal(spawn_start(&pid, &spawn, &exit_code, &err), HM_BAD_INPUT);
    assert_int_equal(exit_code, SPAWN_NOT_EXECUTABLE);
    assert_non_null(strstr(err.text, "Permission denied"));
    fputs("#!/bin/sh\r\nexit 0\n", file);
    fclose(file);
    chmod(path, 0700);
    assert_int_equal(spawn_start(&pid, &spawn, &exit_code, &err), HM_BAD_INPUT);
    assert_int_equal(exit_code, SPAWN_NOT_EXECUTABLE);
    assert_non_null(strstr(err.text, "CR LF"));
    unlink(path);
}
