#include "verb_client.h"
#include "certify/certify_family.h"
#include "certify/certify_leaks.h"
#include "certify/certify_report.h"
#include "certify/certify_scenarios.h"
#include "certify/certify_seen.h"
#include "certify/certify_world.h"
#include "contract/variables.h"
#include "report/output.h"
#include "run/progress.h"
#include "signer/command.h"
#include "suite_options.h"
#include "support/buf.h"
#include "support/escape.h"
#include "support/json_text.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "target/folder.h"
#include "target/mock_control.h"
#include "target/mock_process.h"
#include "target/pace.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ELAPSE_S = 301,        /* longer than a token lives [J6] */
    ELAPSE_GRACE_MS = 100, /* for requests that were signed just before */
    TAIL_BYTES = 2000
};

#define FIELD(member) offsetof(struct client_options, member)

const struct option client_options_table[] = {
    TEXTS_ROW("--scenario", "NAME", scenarios,
              "Run only this scenario, after `signs`. Repeatable. `list` prints the names."),
    FORMAT_ROW,
    TEXT_ROW("--report", "DIR", report.dir,
             "Write results.json and junit.xml to DIR, which must be new, empty, or contain an "
             "earlier report."),
    CHOICE_ROW("--report-mode", "auto|0600|0644", report.mode, report_mode_words, report_mode_help),
    STRICT_ROW,
    COMMAND_TIMEOUT_ROW,
    MOCK_ROW,
    { .name = NULL },
};

void client_defaults(void *options)
{
    struct client_options *client = options;

    client->timeout_s = COMMAND_TIMEOUT_S;
}

/* What the scenarios share. */
struct client_run {
    const struct client_options *options;
    struct certify_report *report;
    char *mock_program;
    char folder[FOLDER_TEXT]; /* for worlds and port files */
    struct http_session *session;
    size_t number;             /* of the next scenario */
    size_t leaks;              /* over all runs */
    struct certify_seen first; /* what the first scenario showed */
    json_t *usual;             /* see certify_seen.usual */
    struct progress progress;
};

/* One scenario. */
struct scene {
    struct client_run *trial;
    const struct scenario *scenario;
    struct certify_secret secret;
    struct mock_process *mock;
    struct certify_seen seen;
    int64_t started_ms; /* monotonic */
    enum hm_code code;  /* of what was done while the command ran */
    struct hm_error *err;
};

/* The exchanges so far, the oldest first. */
static enum hm_code journal_get(json_t **exchanges, const struct scene *scene, struct hm_error *err)
{
    enum hm_code code;
    json_t *body = NULL;

    *exchanges = NULL;
    TRY(mock_control_get(&body, scene->trial->session, mock_base_url(scene->mock),
                         "/_mock/journal?limit=1000", err));
    const json_t *newest_first = json_object_get(body, "exchanges");
    if (!json_is_array(newest_first))
        TRY(hm_error_set(err, HM_INTERNAL, "the mock does not show its journal"));
    *exchanges = json_array();
    for (size_t i = json_array_size(newest_first); i > 0; i--)
        *exchanges = json_list_add(*exchanges, json_incref(json_array_get(newest_first, i - 1)));
    if (*exchanges == NULL)
        TRY(no_memory(err));
out:
    json_decref(body);
    return code;
}

static bool is_any_accepted(const json_t *exchanges)
{
    for (size_t i = 0; i < json_array_size(exchanges); i++) {
        if (seen_is_accepted(json_array_get(exchanges, i)))
            return true;
    }
    return false;
}

/* Lets the first token expire after it was accepted once. */
static enum hm_code elapse(struct scene *scene, struct hm_error *err)
{
    enum hm_code code;
    json_t *exchanges = NULL;
    bool is_done = false;

    TRY(journal_get(&exchanges, scene, err));
    if (!is_any_accepted(exchanges))
        goto out;
    TRY(mock_control_set_clock(&is_done, scene->trial->session, mock_base_url(scene->mock),
                               MOCK_CLOCK_ELAPSE, ELAPSE_S, err));
    if (!is_done)
        TRY(hm_error_set(err, HM_INTERNAL, "the mock's clock cannot be set"));
    pace_sleep(ELAPSE_GRACE_MS);
    json_decref(exchanges);
    /* Requests that came while the clock was set are judged as before. */
    TRY(journal_get(&exchanges, scene, err));
    scene->seen.elapsed_from = json_array_size(exchanges);
    scene->seen.has_elapsed = true;
out:
    json_decref(exchanges);
    return code;
}

static size_t count_failed(const struct certify_report *report)
{
    size_t count = 0;

    for (size_t i = 0; i < report->row_count; i++)
        count += report->rows[i].verdict.result == CERTIFY_FAILED;
    return count;
}

static void meanwhile(void *context)
{
    struct scene *scene = context;
    struct client_run *trial = scene->trial;

    progress_show(&trial->progress, scene->scenario->name, trial->report->row_count,
                  count_failed(trial->report));
    if (scene->scenario->elapses && !scene->seen.has_elapsed && scene->code == HM_OK)
        scene->code = elapse(scene, scene->err);
}

/* Marks the new exchanges with the number of their run. */
static enum hm_code take_exchanges(struct scene *scene, struct hm_error *err)
{
    enum hm_code code;
    json_t *all = NULL;
    size_t known = json_array_size(scene->seen.exchanges);

    TRY(journal_get(&all, scene, err));
    for (size_t i = known; i < json_array_size(all); i++) {
        json_t *exchange = json_array_get(all, i);

        if (json_object_set_new(exchange, "run", json_integer((json_int_t)scene->seen.runs - 1)) !=
                0 ||
            json_array_append(scene->seen.exchanges, exchange) != 0)
            TRY(no_memory(err));
    }
out:
    json_decref(all);
    return code;
}

/* Shows the end of the command's output, which contains no secret. */
static void show_tail(const struct scene *scene, const struct command_result *result)
{
    const char *text = buf_text(&result->output);
    size_t length = result->output.length;
    size_t from = length > TAIL_BYTES ? length - TAIL_BYTES : 0;
    struct buf safe;

    if (length == 0)
        return;
    buf_init(&safe, TAIL_BYTES * 4 + 1);
    for (size_t at = from; at < length; at++) {
        if (text[at] == '\n')
            buf_putc(&safe, '\n');
        else
            escape_terminal(&safe, text + at, 1);
    }
    progress_hide(&scene->trial->progress);
    fprintf(stderr, "-- %s: the end of what the command printed:\n%s%s", scene->scenario->name,
            buf_text(&safe), safe.length > 0 && safe.data[safe.length - 1] == '\n' ? "" : "\n");
    buf_fini(&safe);
}

static enum hm_code run_command(struct scene *scene, struct hm_error *err)
{
    enum hm_code code;
    const char *base_url = mock_base_url(scene->mock);
    const struct command_variable variables[] = {
        { VARIABLE_BASE_URL, base_url },
        { VARIABLE_SECRET_ID, scene->secret.id },
        { VARIABLE_SECRET_KEY, scene->secret.key },
        { VARIABLE_CONTACT_ID, certify_contact_uuid(scene->scenario->contact) },
        { VARIABLE_EMPTY_CONTACT_ID, certify_contact_uuid(CONTACT_WITH_NONE) },
        { VARIABLE_OTHER_CONTACT_ID, certify_other_team_uuid() },
        { VARIABLE_MOCK_URL, base_url },
        { VARIABLE_MOCK_CONTROL_URL, mock_control_url(scene->mock) },
        { VARIABLE_SCENARIO, scene->scenario->name },
    };
    const struct command command = {
        .argv = scene->trial->report->argv,
        .variables = variables,
        .variable_count = sizeof variables / sizeof *variables,
        .timeout_ms = scene->trial->options->timeout_s * 1000,
        .keeps_errors = true,
        .meanwhile = meanwhile,
        .context = scene,
    };
    struct command_result result = { .exit_code = 0 };
    size_t leaks = 0;

    TRY(command_run(&result, &command, err));
    scene->seen.exit_codes[scene->seen.runs++] = result.exit_code;
    scene->seen.is_late = scene->seen.is_late || result.is_late;
    TRY(scene->code);
    TRY(take_exchanges(scene, err));
    TRY(certify_leaks(&leaks, buf_text(&result.output), result.output.length, &scene->secret, err));
    scene->trial->leaks += leaks;
    if (leaks == 0 && !result.is_stopped &&
        (result.is_late || result.exit_code == 127 || result.exit_code == 126))
        show_tail(scene, &result);
out:
    command_result_fini(&result);
    return code;
}

static void note_row(struct client_run *trial, const struct scene *scene)
{
    struct certify_row *row = &trial->report->rows[trial->report->row_count++];

    row->scenario = scene->scenario;
    row->requests = json_array_size(scene->seen.exchanges);
    row->time_ms = monotonic_ms() - scene->started_ms;
    scene->scenario->judge(&row->verdict, &scene->seen);
}

/* The row of a scenario for which the command is not run; false: it is to be run. */
static bool note_without_run(struct client_run *trial, const struct scenario *scenario)
{
    struct certify_report *report = trial->report;
    struct certify_row *row = &report->rows[report->row_count];
    const struct certify_row *before;

    if (scenario == &scenarios[0])
        return false;
    if (seen_conclude_without(&row->verdict, &trial->first, scenario->method)) {
        for (before = report->rows; before < row; before++) {
            if (strcmp(before->verdict.says, row->verdict.says) == 0)
                return true; /* said once for all scenarios of that method */
        }
    } else if (scenario->is_of_first) {
        scenario->judge(&row->verdict, &trial->first);
    } else {
        return false;
    }
    row->scenario = scenario;
    report->row_count++;
    return true;
}

/* Keeps what the first scenario showed. */
static enum hm_code keep_first(struct scene *scene, struct hm_error *err)
{
    struct client_run *trial = scene->trial;

    trial->usual = seen_usual_make(&scene->seen);
    trial->first = scene->seen;
    json_incref(trial->first.exchanges);
    return trial->usual != NULL ? HM_OK : no_memory(err);
}

static enum hm_code scene_play(struct scene *scene, struct hm_error *err)
{
    enum hm_code code;
    struct client_run *trial = scene->trial;
    char world[FOLDER_TEXT + sizeof "/world.json"];
    const struct mock_options options = {
        .program = trial->mock_program,
        .world_file = world,
        .arguments = scene->scenario->arguments,
        .is_real_time = true,
        .folder = trial->folder,
        .number = trial->number++,
    };

    snprintf(world, sizeof world, "%s/world.json", trial->folder);
    TRY(certify_world_write(world, &scene->secret, err));
    TRY(mock_start(&scene->mock, &options, err));
    TRY(run_command(scene, err));
    if (scene->scenario->elapses && !scene->seen.is_late && stop_signal() == 0) {
        if (!scene->seen.has_elapsed)
            TRY(elapse(scene, err));
        TRY(run_command(scene, err));
    }
    if (stop_signal() != 0)
        goto out; /* what was interrupted is not judged */
    note_row(trial, scene);
    if (scene->scenario == &scenarios[0])
        TRY(keep_first(scene, err));
out:
    return code;
}

static enum hm_code scenario_run(struct client_run *trial, const struct scenario *scenario,
                                 const struct certify_secret *secret, struct hm_error *err)
{
    enum hm_code code = HM_OK, end;
    struct scene scene = { .trial = trial, .scenario = scenario, .secret = *secret, .err = err };

    scene.started_ms = monotonic_ms();
    scene.seen.exchanges = json_array();
    scene.seen.usual = trial->usual;
    scene.seen.usual_exit_code = trial->first.exit_codes[0];
    if (scene.seen.exchanges == NULL)
        TRY(no_memory(err));
    TRY(scene_play(&scene, err));
out:
    mock_stop(scene.mock);
    end = mock_free(scene.mock, code == HM_OK ? err : NULL);
    json_decref(scene.seen.exchanges);
    return code == HM_OK ? end : code;
}

static bool is_chosen(const struct client_options *options, const struct scenario *scenario)
{
    if (options->scenarios.count == 0 || scenario == &scenarios[0])
        return true; /* the first one shows what is usual */
    for (size_t i = 0; i < options->scenarios.count; i++) {
        if (strcmp(options->scenarios.at[i], scenario->name) == 0)
            return true;
    }
    return false;
}

static size_t count_chosen(const struct client_options *options)
{
    size_t count = 0;

    for (const struct scenario *scenario = scenarios; scenario->name != NULL; scenario++)
        count += is_chosen(options, scenario);
    return count;
}

static enum hm_code scenarios_check(const struct client_options *options, struct hm_error *err)
{
    for (size_t i = 0; i < options->scenarios.count; i++) {
        const struct scenario *scenario = scenarios;

        while (scenario->name != NULL && strcmp(scenario->name, options->scenarios.at[i]) != 0)
            scenario++;
        if (scenario->name == NULL)
            return hm_error_set(err, HM_BAD_ARGUMENT,
                                "--scenario %s: unknown; --scenario list prints the names",
                                options->scenarios.at[i]);
    }
    return HM_OK;
}

static void scenarios_list(void)
{
    for (const struct scenario *scenario = scenarios; scenario->name != NULL; scenario++)
        printf("%-16s %-4s %s\n", scenario->name, scenario->clause, scenario->title);
}

/* The last row: secrets in the output of all runs. */
static void note_leaks(struct client_run *trial)
{
    struct certify_row *row = &trial->report->rows[trial->report->row_count++];

    row->scenario = NULL;
    row->verdict.result = trial->leaks > 0 ? CERTIFY_FAILED : CERTIFY_PASSED;
    if (trial->leaks > 0)
        snprintf(row->verdict.says, sizeof row->verdict.says,
                 "it printed a key or a good token %zu time%s", trial->leaks, plural(trial->leaks));
    else
        snprintf(row->verdict.says, sizeof row->verdict.says, "it printed no key and no token");
}

/* Did the first scenario send nothing at all? */
static bool is_hopeless(const struct client_run *trial)
{
    return trial->report->row_count == 1 && trial->report->rows[0].requests == 0;
}

static enum hm_code scenarios_run(struct client_run *trial, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct certify_secret first, other;

    progress_begin(&trial->progress, count_chosen(trial->options));
    if (!certify_secret_make(&first) || !certify_secret_make(&other))
        TRY(hm_error_set(err, HM_INTERNAL, "cannot get random bytes from the system"));
    for (const struct scenario *scenario = scenarios;
         scenario->name != NULL && stop_signal() == 0 && !is_hopeless(trial); scenario++) {
        if (is_chosen(trial->options, scenario) && !note_without_run(trial, scenario))
            TRY(scenario_run(trial, scenario, scenario->is_rotated ? &other : &first, err));
    }
    if (!is_hopeless(trial))
        note_leaks(trial);
out:
    progress_hide(&trial->progress);
    return code;
}

static int exit_code_for(const struct client_run *trial)
{
    const struct certify_report *report = trial->report;
    int exit_code = EXIT_GOOD;

    if (stop_signal() != 0)
        return 128 + stop_signal();
    for (size_t i = 0; i < report->row_count; i++) {
        enum certify_result result = report->rows[i].verdict.result;

        if (result == CERTIFY_FAILED || (result == CERTIFY_WARNED && trial->options->is_strict))
            exit_code = EXIT_FELL_SHORT;
    }
    return exit_code;
}

int cmd_client(const struct verb_call *call)
{
    enum hm_code code = HM_OK;
    struct hm_error err = { 0 };
    struct client_run trial = { .options = call->options };
    int exit_code = EXIT_GOOD;

    if (trial.options->scenarios.count == 1 &&
        strcmp(trial.options->scenarios.at[0], "list") == 0) {
        scenarios_list();
        return EXIT_GOOD;
    }
    trial.report = calloc(1, sizeof *trial.report);
    if (trial.report == NULL)
        TRY(no_memory(&err));
    trial.report->argv = call->argv;
    trial.report->is_strict = trial.options->is_strict;
    trial.report->started_s = wall_clock_s();
    if (call->argc == 0)
        TRY(hm_error_set(&err, HM_BAD_ARGUMENT, "client: expected -- CMD [ARG...]"));
    TRY(scenarios_check(trial.options, &err));
    TRY(mock_program_find(&trial.mock_program, trial.options->mock, &err));
    if (trial.options->report.dir != NULL)
        TRY(certify_reports_prepare(&trial.options->report, &err));
    TRY(folder_make(trial.folder, &err));
    TRY(http_session_new(&trial.session, &(struct http_tls){ 0 }, &err));
    stop_install();
    TRY(scenarios_run(&trial, &err));
    exit_code = exit_code_for(&trial);
    trial.report->exit_code = exit_code;
    if (!certify_print(trial.report, (enum report_format)trial.options->format))
        TRY(no_memory(&err));
    if (trial.options->report.dir != NULL)
        TRY(certify_reports_write(&trial.options->report, trial.report, &err));
out:
    if (code != HM_OK)
        exit_code = stop_exit_code(program_fail_error(call->program, &err));
    json_decref(trial.usual);
    json_decref(trial.first.exchanges);
    http_session_free(trial.session);
    folder_remove(trial.folder);
    free(trial.mock_program);
    free(trial.report);
    return exit_code;
}
