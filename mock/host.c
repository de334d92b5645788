#include "host.h"

#include "control/control_env.h"
#include "control/expected.h"
#include "control/viewers.h"
#include "database/database.h"
#include "database/database_kinds.h"
#include "fault/misbehave.h"
#include "fault/vary.h"
#include "journal/journal.h"
#include "load.h"
#include "operation/other_paths.h"
#include "sandbox/sandbox_kept.h"
#include "sandbox/sandboxes.h"
#include "store/state_sync.h"
#include "support/file.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include "tls/trust_store.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    URLS_BYTES_MAX = 64 * 1024,
    OTHER_DESCRIPTORS = 32 /* standard streams, files, and sockets that wait to be closed */
};

/* SIGTSTP is left, so that Ctrl-Z works. */
void host_block_signals(sigset_t *to_wait_for)
{
    static const int left[] = { SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT,
                                SIGTRAP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT };
    sigset_t blocked;

    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        sigdelset(&blocked, left[i]);
    pthread_sigmask(SIG_BLOCK, &blocked, NULL);
    sigemptyset(to_wait_for);
    sigaddset(to_wait_for, SIGTERM);
    sigaddset(to_wait_for, SIGINT);
    sigaddset(to_wait_for, SIGHUP);
    sigaddset(to_wait_for, SIGQUIT);
}

void host_end_by_signal(const sigset_t *signals)
{
    sigset_t ending = *signals;

    sigdelset(&ending, SIGHUP); /* reloads */
    pthread_sigmask(SIG_UNBLOCK, &ending, NULL);
}

/* Do the options that are about certificates go together? */
static enum hm_code tls_options_check(const struct serve_options *options, struct hm_error *err)
{
    if ((options->tls_cert == NULL) != (options->tls_key == NULL))
        return hm_error_set(err, HM_BAD_ARGUMENT, "--tls-cert and --tls-key must be used together");
    if (options->tls_listen.count == 0 &&
        (options->tls_cert != NULL || options->tls_ca_out != NULL))
        return hm_error_set(err, HM_BAD_ARGUMENT, "%s needs --tls-listen",
                            options->tls_cert != NULL ? "--tls-cert" : "--tls-ca-out");
    return HM_OK;
}

/* The certificate, where anything is served over TLS; see trust_chain_end(). */
static enum hm_code chain_begin(struct host *host, struct hm_error *err)
{
    const struct serve_options *options = host->options;
    enum hm_code code;

    TRY(tls_options_check(options, err));
    if (options->tls_listen.count == 0)
        return HM_OK;
    if (options->tls_cert != NULL)
        TRY(trust_chain_load(&host->chain, options->tls_cert, options->tls_key, err));
    else
        TRY(trust_chain_begin(&host->chain, err));
out:
    return code;
}

static bool is_private(const struct host *host, const struct listener *listener)
{
    const char *address = host->options->private_address;

    return address != NULL && strcmp(listener->host, address) == 0;
}

static bool are_all_loopback(const struct host *host)
{
    for (size_t i = 0; i < host->listener_count; i++) {
        if (!host->listeners[i].is_loopback && !is_private(host, &host->listeners[i]))
            return false;
    }
    return true;
}

/* Off where others could reach it, unless it was asked for. */
static enum hm_code control_take(struct host *host, struct hm_error *err)
{
    const struct serve_options *options = host->options;

    host->mock.control.is_on = options->control == CONTROL_ON ||
                               (options->control == CONTROL_AUTO && are_all_loopback(host));
    host->mock.control.is_for_all_peers = options->control == CONTROL_ON;
    host->mock.control.hosts = (const char *const *)options->control_hosts.at;
    host->mock.control.host_count = options->control_hosts.count;
    for (size_t i = 0; i < options->control_hosts.count; i++) {
        const char *name = options->control_hosts.at[i];

        if (*name == '\0' || strpbrk(name, ":/[]@ ") != NULL)
            return hm_error_set(err, HM_BAD_ARGUMENT,
                                "--control-host %s: expected a host name without a port, such as "
                                "mock or mock.internal",
                                name);
    }
    return HM_OK;
}

static bool has_url(const struct host *host, const char *url)
{
    for (size_t i = 0; host->urls[i] != NULL; i++) {
        if (strcmp(host->urls[i], url) == 0)
            return true;
    }
    return false;
}

/* Base URLs, now that the ports are known: for health, the port file and the greeting. */
static enum hm_code urls_take(struct host *host, struct hm_error *err)
{
    char url[LISTENER_URL_TEXT];
    size_t count = 0;

    host->urls = calloc(host->listener_count + 1, sizeof *host->urls);
    for (size_t i = 0; host->urls != NULL && i < host->listener_count; i++) {
        listener_url(url, &host->listeners[i]);
        if (has_url(host, url))
            continue;
        buf_printf(&host->url_lines, "%s\n", url);
        host->urls[count] = strdup(url);
        if (host->urls[count++] == NULL)
            return no_memory(err);
    }
    if (host->urls == NULL || !buf_ok(&host->url_lines))
        return no_memory(err);
    atomic_store(&host->mock.urls, host->urls);
    return HM_OK;
}

static enum hm_code port_file_write(struct host *host, struct hm_error *err)
{
    enum hm_code code;

    if (host->options->port_file == NULL)
        return HM_OK;
    code = file_write(host->options->port_file, host->url_lines.data, host->url_lines.length, err);
    host->has_port_file = code == HM_OK;
    return code;
}

/* Removes it if it is still ours: another mock may have written its own since. */
static void port_file_remove(struct host *host)
{
    struct buf found;

    if (!host->has_port_file)
        return;
    buf_init(&found, URLS_BYTES_MAX);
    if (file_read(&found, host->options->port_file, NULL) == HM_OK &&
        strcmp(buf_text(&found), buf_text(&host->url_lines)) == 0)
        unlink(host->options->port_file);
    buf_fini(&found);
}

/* Raises the soft limit on open descriptors, as far as the hard one allows, for @threads with a
 * connection each, for connections that wait for a thread, and for the listeners. Shells and
 * service managers set 1,024. Returns for how many threads there are descriptors: at most @threads,
 * and at least one. */
static int descriptors_raise(int threads, size_t listener_count)
{
    const rlim_t others = OTHER_DESCRIPTORS + (rlim_t)listener_count;
    const rlim_t wanted = others + (rlim_t)threads + CONNECTION_QUEUE;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return threads;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= others + (rlim_t)threads)
        return threads;
    return limit.rlim_cur > others ? (int)(limit.rlim_cur - others) : 1;
}

/* A sandbox whose time is over; one that is deleted is forgotten before that is answered. A shared
 * database ends it by its own clock: this one may differ from those of the other mocks. */
static void forget(void *to, const char *id)
{
    const struct mock *mock = to;

    if (database_is_shared(mock->main.slot.database))
        return;
    if (sandbox_kept_drop(to, id, NULL) != HM_OK)
        return; /* its time is over at the next start, too */
}

enum hm_code host_load(struct host *host, const struct serve_options *options, struct hm_error *err)
{
    struct state *loaded;
    enum hm_code code;

    *host = (struct host){ .options = options };
    buf_init(&host->url_lines, URLS_BYTES_MAX);
    host->mock.counts = &host->counts;
    host->mock.log = (enum log_kind)options->log;
    host->mock.is_terse = options->is_terse;
    TRY(chain_begin(host, err));
    if (options->misbehave != NULL)
        TRY(misbehaving_new(&host->mock.main.misbehaving, options->misbehave, err));
    for (size_t i = 0; i < options->vary.count; i++)
        TRY(vary_add(&host->mock.variations, options->vary.at[i], err));
    TRY(expected_new(&host->mock.main.expected, err));
    for (size_t i = 0; i < options->allow.count; i++)
        TRY(expected_allow(host->mock.main.expected, options->allow.at[i], err));
    TRY(other_paths_new(&host->mock.others,
                        options->other_paths != NULL ? options->other_paths : "refuse", err));
    host->mock.main.journal = journal_new((size_t)options->journal);
    if (host->mock.main.journal == NULL)
        TRY(no_memory(err));
    TRY(sandboxes_new(&host->mock, (size_t)options->journal, err));
    if (options->state != NULL)
        TRY(database_open(&host->source.database, options->state, err));
    TRY(state_load_from(&loaded, options, &host->source, err));
    state_slot_init(&host->mock.main.slot, loaded);
    TRY(state_keep(&host->mock.main.slot, host->source.database, "", 0, NULL, err));
    if (host->source.database != NULL && host->source.database->kind->is_shared &&
        !uuid_new(host->mock.replica))
        TRY(hm_error_set(err, HM_INTERNAL, "the system has no random bytes"));
    TRY(state_override(&host->mock.main.slot, options, err));
    TRY(sandbox_kept_gather(&host->mock, err));
    sandboxes_on_removed(host->mock.sandboxes, forget, &host->mock);
    if (host->chain != NULL)
        TRY(trust_chain_end(host->chain, err));
out:
    return code;
}

enum hm_code host_serve(struct host *host, const char *by_default, struct hm_error *err)
{
    const struct serve_options *options = host->options;
    enum hm_code code;

    TRY(listeners_take(&host->listeners, &host->listener_count, &options->listen,
                       &options->tls_listen, by_default, err));
    TRY(control_take(host, err));
    if (host->mock.control.is_on)
        host->mock.viewers = viewers_new(&host->mock);
    host->mock.started_us = monotonic_us();
    host->threads = descriptors_raise((int)options->threads, host->listener_count);
    if (!platform_shares_ports())
        listeners_release(host->listeners,
                          host->listener_count); /* another program may be faster */
    TRY(server_start(&host->server, &host->mock, host->listeners, host->listener_count, host->chain,
                     host->threads, err));
    listeners_release(host->listeners, host->listener_count);
    if (options->tls_ca_out != NULL)
        TRY(trust_root_write(host->chain, options->tls_ca_out, err));
    TRY(urls_take(host, err));
    TRY(port_file_write(host, err));
out:
    return code;
}

enum hm_code host_start(struct host *host, const struct serve_options *options,
                        const char *by_default, struct hm_error *err)
{
    enum hm_code code = host_load(host, options, err);

    return code == HM_OK ? host_serve(host, by_default, err) : code;
}

void host_warn_world(const struct host *host)
{
    const struct world_changes *changes = &host->source.changes;

    if (changes->teams > 0 || changes->contacts > 0 || changes->faults)
        fprintf(stderr,
                "heymarket-mock: warning: the world file was changed since --state keeps it: "
                "teams %zu, contacts %zu, fault rules %s. What is kept is served; for the new "
                "ones start with a new file\n",
                changes->teams, changes->contacts, changes->faults ? "yes" : "no");
}

void host_warn(const struct host *host)
{
    host_warn_world(host);
    if (!are_all_loopback(host))
        fprintf(stderr, "heymarket-mock: warning: a listener is not on loopback, so others can "
                        "reach it; use only made-up secrets\n");
    if (host->threads < host->options->threads)
        fprintf(stderr,
                "heymarket-mock: warning: %d clients are served at once, not %d: the hard limit on "
                "open files is too low (ulimit -Hn)\n",
                host->threads, (int)host->options->threads);
    misbehaving_warn(host->mock.main.misbehaving);
}

void host_show_page(const struct host *host)
{
    char url[URL_BELOW_TEXT];

    if (!host->mock.control.is_on)
        return;
    url_below(url, url_of_scheme(host->urls, "http://"), "/_mock/");
    fprintf(stderr, "heymarket-mock: requests as they come: %s\n", url);
}

void host_end(struct host *host)
{
    port_file_remove(host);
    host->has_port_file = false;
    server_stop(host->server);
    host->server = NULL;
}

void host_stop(struct host *host)
{
    host_end(host);
    viewers_free(host->mock.viewers);
    counts_fini(&host->counts);
    for (size_t i = 0; host->urls != NULL && host->urls[i] != NULL; i++)
        free(host->urls[i]);
    free(host->urls);
    listeners_free(host->listeners, host->listener_count);
    trust_chain_free(host->chain);
    sandboxes_free(host->mock.sandboxes);
    journal_free(host->mock.beside_journal);
    journal_free(host->mock.main.journal);
    misbehaving_free(host->mock.main.misbehaving);
    other_paths_free(host->mock.others);
    expected_free(host->mock.main.expected);
    buf_fini(&host->url_lines);
    state_slot_fini(&host->mock.main.slot);
    database_close(host->source.database);
}

enum hm_code host_reload(struct host *host, struct hm_error *err)
{
    struct state *loaded = NULL;
    enum hm_code code;

    TRY(state_load_from(&loaded, host->options, &host->source, err));
    TRY(sandboxes_allow(host->mock.sandboxes, loaded->store, err));
    code = state_reload(&host->mock.main.slot, loaded, err);
    loaded = NULL;
    TRY(code);
    TRY(state_override(&host->mock.main.slot, host->options, err));
out:
    state_release(loaded);
    return code;
}
