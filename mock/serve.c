#include "serve.h"

#include "fault/misbehave.h"
#include "fault/vary.h"
#include "host.h"
#include "journal/log.h"
#include "store/store.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char default_address[] = "8580";

static void greet(struct host *host)
{
    const char *world = host->options->world == NULL ? "default" : host->options->world;
    struct state *state = state_take(&host->mock.slot);
    size_t teams = store_team_count(state->store), contacts = store_contact_count(state->store);

    state_release(state);
    for (size_t i = 0; host->urls[i] != NULL; i++)
        fprintf(stderr, "heymarket-mock %s listening on %s (world %s: %zu team%s, %zu contact%s)\n",
                hm_version(), host->urls[i], world, teams, teams == 1 ? "" : "s", contacts,
                contacts == 1 ? "" : "s");
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

static void serve(struct host *host, const sigset_t *signals)
{
    int number = 0;

    greet(host);
    while (sigwait(signals, &number) == 0 && number == SIGHUP)
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
