#include "serve.h"

#include "buf.h"
#include "file.h"
#include "fixture.h"
#include "limit.h"
#include "listener.h"
#include "mock.h"
#include "mock_options.h"
#include "server.h"
#include "store.h"
#include "try.h"
#include "world.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROFILE_BYTES_MAX = 1024 * 1024, URLS_BYTES_MAX = 64 * 1024 };

static const char default_world[] = "worlds/default.json";

/* Everything that a served mock owns. */
struct serve {
    const struct serve_options *options;
    struct mock mock;
    struct listener *listeners;
    size_t listener_count;
    char **urls; /* NULL-terminated */
    struct server *server;
    struct buf url_lines;
    bool has_port_file;
};

static enum hm_code listeners_take(struct serve *s, struct hm_error *err)
{
    static const char *const by_default[] = { "8580" };
    size_t given = s->options->listen.count;
    const char *const *texts = given == 0 ? by_default : s->options->listen.at;
    size_t count = given == 0 ? 1 : given;
    enum hm_code code = HM_OK;

    s->listeners = calloc(count, sizeof *s->listeners);
    if (s->listeners == NULL)
        return hm_error_set(err, HM_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++)
        TRY(listener_parse(&s->listeners[i], texts[i], err));
    s->listener_count = count;
out:
    return code;
}

static enum hm_code profile_take(struct policy *policy, const char *path, struct hm_error *err)
{
    struct json_file file = { 0 };
    enum hm_code code;

    TRY(json_file_load(&file, path, PROFILE_BYTES_MAX, err));
    TRY(policy_read(policy, &file, err));
out:
    json_file_fini(&file);
    return code;
}

/* Weakest first: built-in, profiles, strict, set. */
static enum hm_code policy_take(struct serve *s, struct hm_error *err)
{
    const struct serve_options *options = s->options;
    enum hm_code code = HM_OK;

    policy_init(&s->mock.policy);
    for (size_t i = 0; i < options->profiles.count; i++)
        TRY(profile_take(&s->mock.policy, options->profiles.at[i], err));
    if (options->is_strict)
        policy_be_strict(&s->mock.policy);
    for (size_t i = 0; i < options->settings.count; i++)
        TRY(policy_set(&s->mock.policy, options->settings.at[i], err));
out:
    return code;
}

static enum hm_code world_take(struct serve *s, struct hm_error *err)
{
    const struct serve_options *options = s->options;
    struct fixtures fixtures = { options->fixtures };
    struct json_file file = { 0 };
    enum hm_code code;

    if (options->world == NULL)
        TRY(fixture_load(&file, &fixtures, default_world, err));
    else
        TRY(json_file_load(&file, options->world, WORLD_BYTES_MAX, err));
    TRY(world_read(&s->mock.store, &file, err));
    if (options->rate_limit > 0)
        TRY(limit_new(&s->mock.limit,
                      store_secret_count(s->mock.store) + store_legacy_count(s->mock.store),
                      options->rate_limit, err));
out:
    json_file_fini(&file);
    return code;
}

static bool are_all_loopback(const struct serve *s)
{
    for (size_t i = 0; i < s->listener_count; i++) {
        if (!s->listeners[i].is_loopback)
            return false;
    }
    return true;
}

/* Base URLs, now that the ports are known: for health, the port file and the greeting. */
static enum hm_code urls_take(struct serve *s, struct hm_error *err)
{
    char url[LISTENER_URL_TEXT];

    s->urls = calloc(s->listener_count + 1, sizeof *s->urls);
    for (size_t i = 0; s->urls != NULL && i < s->listener_count; i++) {
        listener_url(url, &s->listeners[i]);
        buf_printf(&s->url_lines, "%s\n", url);
        s->urls[i] = strdup(url);
        if (s->urls[i] == NULL)
            return hm_error_set(err, HM_NO_MEMORY, "out of memory");
    }
    if (s->urls == NULL || !buf_ok(&s->url_lines))
        return hm_error_set(err, HM_NO_MEMORY, "out of memory");
    atomic_store(&s->mock.urls, s->urls);
    return HM_OK;
}

static enum hm_code port_file_write(struct serve *s, struct hm_error *err)
{
    enum hm_code code;

    if (s->options->port_file == NULL)
        return HM_OK;
    code = file_write(s->options->port_file, s->url_lines.data, s->url_lines.length, err);
    s->has_port_file = code == HM_OK;
    return code;
}

/* Removes it if it is still ours: another mock may have written its own since. */
static void port_file_remove(struct serve *s)
{
    struct buf found;

    if (!s->has_port_file)
        return;
    buf_init(&found, URLS_BYTES_MAX);
    if (file_read(&found, s->options->port_file, NULL) == HM_OK &&
        strcmp(buf_text(&found), buf_text(&s->url_lines)) == 0)
        unlink(s->options->port_file);
    buf_fini(&found);
}

static void greet(const struct serve *s)
{
    const char *world = s->options->world == NULL ? "default" : s->options->world;
    size_t teams = store_team_count(s->mock.store), contacts = store_contact_count(s->mock.store);

    for (size_t i = 0; i < s->listener_count; i++)
        fprintf(stderr, "heymarket-mock %s listening on %s (world %s: %zu team%s, %zu contact%s)\n",
                hm_version(), s->urls[i], world, teams, teams == 1 ? "" : "s", contacts,
                contacts == 1 ? "" : "s");
    if (!are_all_loopback(s))
        fprintf(stderr, "heymarket-mock: warning: others can reach a listener that is not "
                        "loopback; use throw-away secrets only\n");
}

/* All that can be blocked without harm: no thread of the server takes a signal by accident, and a
 * stop from the terminal works still. */
static void signals_block(sigset_t *to_stop)
{
    static const int left[] = { SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT,
                                SIGTRAP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT };
    sigset_t blocked;

    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        sigdelset(&blocked, left[i]);
    pthread_sigmask(SIG_BLOCK, &blocked, NULL);
    sigemptyset(to_stop);
    sigaddset(to_stop, SIGTERM);
    sigaddset(to_stop, SIGINT);
    sigaddset(to_stop, SIGHUP);
    sigaddset(to_stop, SIGQUIT);
}

static enum hm_code start(struct serve *s, struct hm_error *err)
{
    const struct serve_options *options = s->options;
    enum hm_code code;

    s->mock.log = (enum log_kind)options->log;
    s->mock.is_terse = options->is_terse;
    TRY(clock_parse(&s->mock.clock, options->clock, err));
    TRY(listeners_take(s, err));
    TRY(policy_take(s, err));
    TRY(world_take(s, err));
    s->mock.has_control = are_all_loopback(s);
    s->mock.started_us = clock_monotonic_us();
    TRY(server_start(&s->server, &s->mock, s->listeners, s->listener_count, (int)options->threads,
                     err));
    TRY(urls_take(s, err));
    TRY(port_file_write(s, err));
out:
    return code;
}

static void serve_fini(struct serve *s)
{
    port_file_remove(s);
    server_stop(s->server);
    for (size_t i = 0; s->urls != NULL && s->urls[i] != NULL; i++)
        free(s->urls[i]);
    free(s->urls);
    free(s->listeners);
    buf_fini(&s->url_lines);
    limit_free(s->mock.limit);
    store_free(s->mock.store);
}

int serve_run(const struct verb_call *call)
{
    struct serve s = { .options = call->options };
    struct hm_error err = { 0 };
    sigset_t to_stop;
    int signal_number;
    int exit_code = EXIT_GOOD;

    buf_init(&s.url_lines, URLS_BYTES_MAX);
    signals_block(&to_stop);
    if (start(&s, &err) == HM_OK) {
        greet(&s);
        sigwait(&to_stop, &signal_number);
    } else {
        exit_code = program_fail_error(call->program, &err);
    }
    serve_fini(&s);
    return exit_code;
}
