#include "run/run.h"

#include "control/control_env.h"
#include "host.h"
#include "intercept/intercept.h"
#include "intercept/intercept_check.h"
#include "journal/journal.h"
#include "run/child.h"
#include "run/command_environment.h"
#include "run/outcome.h"
#include "run/run_annotations.h"
#include "run/run_page.h"
#include "run/run_report.h"
#include "run/summary.h"
#include "serve.h"
#include "support/environment.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "tls/trust_env.h"
#include <stdio.h>
#include <stdlib.h>

struct run {
    const struct verb_call *call;
    struct run_options *options;
    struct host host;
    struct child child;
    struct environment environment;
    struct trust_dir trust; /* of --tls and --intercept */
    struct intercept intercept;
    struct reach reach;
    struct outcome outcome;
};

/* The default: a free port. */
static const char any_port[] = "0";

static enum hm_code listen_at(struct option_texts *texts, const char *address, struct hm_error *err)
{
    const char **at = realloc(texts->at, (texts->count + 1) * sizeof *at);

    if (at == NULL)
        return no_memory(err);
    texts->at = at;
    texts->at[texts->count++] = address;
    return HM_OK;
}

/* With --tls there is also an HTTP listener, so that the control plane needs no certificate. */
static enum hm_code listeners_add(struct run *run, struct hm_error *err)
{
    struct serve_options *serve = &run->options->serve;
    enum hm_code code = HM_OK;

    if (serve->listen.count == 0)
        TRY(listen_at(&serve->listen, any_port, err));
    if (run->options->is_tls && serve->tls_listen.count == 0)
        TRY(listen_at(&serve->tls_listen, any_port, err));
    if (run->options->intercept.wish != WISH_NONE)
        TRY(listen_at(&serve->tls_listen, any_port, err)); /* see method_take() */
out:
    return code;
}

/* Where the mock listens for an intercepted program depends on the method. */
static enum hm_code method_take(struct run *run, struct hm_error *err)
{
    struct serve_options *serve = &run->options->serve;
    enum hm_code code;

    TRY(intercept_choose(&run->intercept, err));
    if (run->intercept.method == INTERCEPT_NONE)
        goto out;
    if (run->intercept.method == INTERCEPT_NAMESPACE)
        serve->private_address = INTERCEPT_ADDRESS;
    if (run->intercept.method != INTERCEPT_PROXY)
        run->host.mock.handshakes.watch = &run->intercept.beside.peers.watch;
    serve->tls_listen.at[serve->tls_listen.count - 1] = intercept_tls_listen(&run->intercept);
out:
    return code;
}

/* The last one with TLS, which is that of listeners_add(). */
static int last_tls_port(const struct host *host)
{
    int port = 0;

    for (size_t i = 0; i < host->listener_count; i++)
        port = host->listeners[i].is_tls ? host->listeners[i].port : port;
    return port;
}

/* The namespaces are made between reading and serving: before the first thread, but with the
 * certificate. */
static enum hm_code mock_start(struct run *run, struct hm_error *err)
{
    bool is_trusted;
    enum hm_code code;

    if (run->options->serve.other_paths == NULL && !outcome_asks(run->options, "unmatched"))
        run->options->serve.other_paths = "ignore";
    TRY(listeners_add(run, err));
    TRY(host_load(&run->host, &run->options->serve, err));
    run->host.mock.gives_https = run->options->is_tls;
    run->host.mock.keeps_answers = run->options->keeps_page; /* they are wanted afterwards */
    run->host.mock.beside_journal = journal_new((size_t)run->options->serve.journal);
    if (run->host.mock.beside_journal == NULL)
        TRY(no_memory(err));
    TRY(method_take(run, err));
    is_trusted = (run->options->is_tls || run->intercept.method != INTERCEPT_NONE) &&
                 trust_root_pem(run->host.chain) != NULL;
    environment_init(&run->environment);
    if (is_trusted)
        TRY(trust_env_set_most(&run->environment, &run->trust, run->host.chain, err));
    if (run->intercept.method != INTERCEPT_NONE) {
        const struct intercept_trust trust = { .directory = &run->trust,
                                               .root_pem = trust_root_pem(run->host.chain),
                                               .root_file = trust_root_file(run->host.chain) };

        TRY(intercept_enter(&run->intercept, &trust, &run->environment, err));
    }
    TRY(host_serve(&run->host, any_port, err));
    TRY(intercept_wait(&run->intercept, err));
    if (is_trusted && !run->intercept.mounting.has_all_javas)
        TRY(trust_env_set_java(&run->environment, &run->trust, err));
    if (run->intercept.method != INTERCEPT_NONE)
        TRY(intercept_serve(&run->intercept, last_tls_port(&run->host), &run->environment, err));
    if (run->intercept.has_other_users)
        trust_dir_share(&run->trust);
out:
    return code;
}

/* Says which variables of ours the command does not get as they were. */
static enum hm_code environment_make(struct run *run, struct hm_error *err)
{
    enum { NAMES_BYTES_MAX = 1024 };
    struct state *state = state_take(&run->host.mock.main.slot);
    enum hm_code code = HM_OK;
    struct buf replaced;

    buf_init(&replaced, NAMES_BYTES_MAX);
    command_environment_begin(&run->environment);
    world_variables(command_environment_set, &run->environment, mock_base_url(&run->host.mock),
                    url_of_scheme(run->host.urls, "http://"), "/_mock", state->store);
    state_release(state);
    command_environment_finish(&run->environment, &replaced);
    /* A proxy outside is not reached from a private network, or carries the request away. */
    if (run->intercept.method == INTERCEPT_NAMESPACE || run->intercept.method == INTERCEPT_CONNECT)
        command_environment_unproxy(&run->environment, &replaced);
    if (run->intercept.method == INTERCEPT_KEEP_NETWORK)
        environment_bypass_proxy_for(&run->environment, INTERCEPT_NAME);
    if (run->environment.is_broken)
        TRY(no_memory(err));
    command_environment_say(&replaced);
out:
    buf_fini(&replaced);
    return code;
}

/* A variable that names a proxy, which may have received the requests; NULL: there is none. */
static const char *proxy_variable(const struct environment *environment)
{
    for (const char *const *name = environment_proxies; *name != NULL; name++) {
        const char *value = environment_find(environment, *name);

        if (value != NULL && *value != '\0')
            return *name;
    }
    return NULL;
}

/* Runs the command to its end. */
static void command_run(struct run *run)
{
    static const struct clock real = { 0 };
    struct outcome *outcome = &run->outcome;
    struct hm_error err = { 0 };
    int64_t started_us = monotonic_us();
    int failure;

    *outcome = (struct outcome){ .options = run->options,
                                 .command = run->call->argv,
                                 .mock = &run->host.mock,
                                 .started_s = clock_now_s(&real) };
    failure = child_start(&run->child, &run->intercept, run->call->argv, run->environment.at, &err);
    outcome->has_started = failure == 0;
    if (failure == 0)
        outcome->command_exit = child_wait(&run->child);
    else
        outcome->command_exit = program_fail(run->call->program, failure, "%s", err.text);
    outcome->took_us = monotonic_us() - started_us;
}

/* A report that cannot be written is an error, unless the run has failed already. */
static int conclude(struct run *run)
{
    struct outcome *outcome = &run->outcome;
    struct hm_error err = { 0 };

    outcome_judge(outcome);
    summary_print(outcome, mock_base_url(&run->host.mock), proxy_variable(&run->environment));
    run_annotate(outcome);
    if (reports_write(outcome, &err) == HM_OK)
        return outcome->exit_code;

    const int exit_code = program_fail_error(run->call->program, &err);

    return outcome_is_good(outcome) ? exit_code : outcome->exit_code;
}

int run_run(const struct verb_call *call)
{
    const struct run_options *options = call->options;
    struct hm_error err = { 0 };
    sigset_t signals;
    struct run *run;
    int exit_code = RUN_NOT_STARTED;
    enum hm_code code;

    if (serve_lists(&options->serve))
        return EXIT_GOOD;
    if (options->intercept.wish == WISH_CHECK)
        return intercept_check() ? EXIT_GOOD : RUN_NOT_STARTED;
    if (call->argc == 0)
        return program_fail(
            call->program, EXIT_USAGE, "found no command to run, expected '%s'. See '%s --help'",
            usage_of(call->program, call->verb).text, verb_command(call->program, call->verb).text);
    if (outcome_options_check(options, &err) != HM_OK ||
        reports_check(&options->reports, &err) != HM_OK)
        return program_fail(call->program, EXIT_USAGE, "%s", err.text);
    run = calloc(1, sizeof *run);
    if (run == NULL)
        return program_fail(call->program, RUN_NOT_STARTED, "out of memory");
    run->call = call;
    run->options = call->options;
    host_block_signals(&signals);
    TRY(child_init(&run->child, &err));
    TRY(intercept_begin(&run->intercept, &run->options->intercept, &err));
    TRY(mock_start(run, &err));
    host_warn(&run->host);
    if (options->keeps_page)
        TRY(run_page_show(&run->host, &run->intercept, &err));
    TRY(environment_make(run, &err));
    command_run(run);
    intercept_release(&run->intercept);
    if (!options->keeps_page)
        host_end(&run->host);
    intercept_end(&run->intercept);
    if (run->intercept.method != INTERCEPT_NONE) {
        reach_judge(&run->reach, &run->intercept, &run->host.mock, &run->environment);
        run->outcome.reach = &run->reach;
    }
    exit_code = conclude(run);
    if (options->keeps_page && run->outcome.has_started && !run->child.is_asked_to_end)
        run_page_keep(&run->host, &signals);
out:
    if (code == HM_BAD_ARGUMENT || code == HM_BAD_INPUT)
        exit_code = EXIT_USAGE; /* an option or a file that it names */
    if (code != HM_OK)
        program_fail(call->program, exit_code, "the mock did not start: %s", err.text);
    intercept_end(&run->intercept);
    reach_fini(&run->reach);
    beside_fini(&run->intercept.beside);
    trust_dir_remove(&run->trust);
    environment_fini(&run->environment);
    host_stop(&run->host);
    free(run);
    if (code != HM_OK)
        host_end_by_signal(&signals);
    return exit_code;
}
