#include "serve.h"

#include "fault/misbehave.h"
#include "fault/vary.h"
#include "host.h"
#include "journal/log.h"
#include "store/store.h"
#include "support/platform.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char default_address[] = "8580";

static void greet(struct host *host)
{
    const char *world = host->options->world == NULL ? "default" : host->options->world;
    struct state *state = state_take(&host->mock.main.slot);
    size_t teams = store_team_count(state->store), contacts = store_contact_count(state->store);

    state_release(state);
    for (size_t i = 0; host->urls[i] != NULL; i++)
        fprintf(stderr, "heymarket-mock %s listening on %s (world %s: %zu team%s, %zu contact%s)\n",
                hm_version(), host->urls[i], world, teams, teams == 1 ? "" : "s", contacts,
                contacts == 1 ? "" : "s");
    host_show_page(host);
    host_warn(host);
}

/* SIGHUP. Written like a log line, so that a reader of stderr that stalls does not block signals.
 */
static void reload(struct host *host)
{
    struct hm_error err = { 0 };
    char line[sizeof err.text + 64];

    if (host_reload(host, &err) == HM_OK)
        snprintf(line, sizeof line, "heymarket-mock: reloaded the files\n");
    else
        snprintf(line, sizeof line, "heymarket-mock: %s; nothing was changed\n", err.text);
    log_line(line, strlen(line));
}

/* Reads what is there, and ignores it unless a line is enough. True: it came, or nothing more
 * will. */
static bool has_ended(int fd, bool is_line_enough)
{
    char text[512];
    ssize_t count = read(fd, text, sizeof text);

    return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) ||
           (count > 0 && is_line_enough && memchr(text, '\n', (size_t)count) != NULL);
}

/* The signals are blocked, so that one that comes before sigwait() waits. */
int serve_wait(const sigset_t *signals, int fd, bool is_line_enough)
{
    struct platform_watch watch;
    bool is_at_end = false, is_good = platform_watch_start(&watch, signals);
    int number = 0;

    if (!is_good)
        fprintf(stderr, "heymarket-mock: cannot wait for signals: %s\n", strerror(errno));
    while (is_good && !is_at_end && number == 0) {
        if (platform_watch_wait(&watch, fd))
            is_at_end = has_ended(fd, is_line_enough);
        else
            sigwait(signals, &number);
    }
    platform_watch_end(&watch);
    return number;
}

static int wait_for_stdin(const sigset_t *signals)
{
    return serve_wait(signals, STDIN_FILENO, false);
}

static int wait_for_signal(const sigset_t *signals)
{
    int number = 0;

    sigwait(signals, &number);
    return number;
}

static void serve(struct host *host, const sigset_t *signals)
{
    int (*wait)(const sigset_t *) =
        host->options->is_until_stdin_ends ? wait_for_stdin : wait_for_signal;

    greet(host);
    while (wait(signals) == SIGHUP)
        reload(host);
}

bool serve_lists(const struct serve_options *options)
{
    if (options->vary.count == 1 && strcmp(options->vary.at[0], "list") == 0)
        vary_list(stdout);
    else if (options->misbehave != NULL && strcmp(options->misbehave, "list") == 0)
        misbehave_print(stdout);
    else
        return false;
    return true;
}

int serve_run(const struct verb_call *call)
{
    const struct serve_options *options = call->options;
    struct host host;
    struct hm_error err = { 0 };
    sigset_t signals;
    int exit_code = EXIT_GOOD;

    if (serve_lists(options))
        return EXIT_GOOD;
    host_block_signals(&signals);
    if (host_start(&host, options, default_address, &err) == HM_OK)
        serve(&host, &signals);
    else
        exit_code = program_fail_error(call->program, &err);
    host_stop(&host);
    if (exit_code != EXIT_GOOD)
        host_end_by_signal(&signals);
    return exit_code;
}
