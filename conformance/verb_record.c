#include "verb_record.h"
#include "contract/credentials.h"
#include "contract/variables.h"
#include "learn/learn.h"
#include "record/recorded_world.h"
#include "record/recorder.h"
#include "record/recorder_server.h"
#include "record/recorder_summary.h"
#include "signer/command.h"
#include "suite_options.h"
#include "support/ca_file.h"
#include "support/environment.h"
#include "support/file.h"
#include "support/json_file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "target/pace.h"
#include "transport/http_url.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PORT_MOST = 65535,
    TIMEOUT_DEFAULT_S = 60,
    TIMEOUT_MOST_S = 3600,
    MS_IN_S = 1000,
    URL_TEXT = 64
};

#define FOREVER_MS INT64_C(315360000000) /* ten years */

#define FIELD(member) offsetof(struct record_options, member)

const struct option record_options_table[] = {
    INTEGER_ROW("--listen", "PORT", port, 0, PORT_MOST,
                "Listen for the application on 127.0.0.1 at PORT (default 0: a free one, which is "
                "printed)."),
    TEXT_ROW("--target", "URL", target,
             "Base URL of the real server (default: " VARIABLE_BASE_URL ")."),
    FLAG_ROW("--live", is_live,
             "Required for a target that is not on loopback, because what the application writes "
             "is written there."),
    TEXT_ROW("--record", "FILE", record,
             "Write each call to FILE as soon as it is answered, one line of JSON each; - is "
             "standard output, and the default without CMD."),
    TEXT_ROW("--world", "FILE", world,
             "Write a world for heymarket-mock --world to FILE: the contacts with the channels "
             "that they had before the application wrote."),
    TEXT_ROW("--profile", "FILE", profile,
             "Write a profile for heymarket-mock --profile to FILE: what the target does where the "
             "contract leaves a choice, as far as the calls have shown it."),
    TEXT_ROW("--report", "FILE", report, "Write the summary to FILE as JSON."),
    TEXT_ROW("--port-file", "FILE", port_file,
             "Once listening, write the base URL for the application to FILE."),
    TEXT_ROW("--secret-file", "FILE", secret_file,
             "Check signatures with the secrets in FILE, "
             "{\"v\":1,\"secrets\":[{\"id\":ID,\"key\":KEY}]} (default: those of the environment; "
             "without any, only the form and the times of tokens are checked)."),
    STRICT_ROW,
    INTEGER_ROW("--timeout", "SECONDS", timeout_s, 1, TIMEOUT_MOST_S,
                "Time limit for each answer of the target (default 60)."),
    TARGET_TLS_ROWS,
    { .name = NULL },
};

void record_defaults(void *options)
{
    struct record_options *record = options;

    record->timeout_s = TIMEOUT_DEFAULT_S;
}

/* The target's base URL, which must be wanted if it is not on this machine. */
static enum hm_code target_take(char **base_url, const struct record_options *options,
                                struct hm_error *err)
{
    enum hm_code code;
    const char *url =
        options->target != NULL ? options->target : environment_text(VARIABLE_BASE_URL);
    bool is_loopback = false;
    bool is_plaintext = false;

    if (url == NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "no target: give its base URL with --target or " VARIABLE_BASE_URL);
    TRY(http_base_url(base_url, &is_loopback, &is_plaintext, url, err));
    if (!is_loopback && !options->is_live)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "%s is not loopback: what the application writes would be written there; "
                         "add --live to record it",
                         *base_url));
    if (!is_loopback && is_plaintext)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "%s is not loopback and not https: tokens would be sent in the clear",
                         *base_url));
out:
    return code;
}

static enum hm_code secrets_take(struct hm_secrets **secrets, const char *file,
                                 struct hm_error *err)
{
    enum hm_code code;
    struct credentials credentials = { 0 };

    TRY(credentials_load(&credentials, file, false, err));
    TRY(credentials_secrets(secrets, &credentials, err));
out:
    credentials_fini(&credentials);
    return code;
}

/* Opens what the lines go to: it is written piece by piece, so that a crash loses nothing. */
static enum hm_code lines_open(int *fd, const char *path, struct hm_error *err)
{
    *fd = strcmp(path, "-") == 0
              ? dup(STDOUT_FILENO)
              : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (*fd < 0)
        return hm_error_set(err, HM_BAD_INPUT, "%s: %s", path, strerror(errno));
    return HM_OK;
}

/* Runs CMD, or waits for a signal. */
static enum hm_code serve(int *exit_code, const struct verb_call *call, const char *url,
                          struct hm_error *err)
{
    const struct command_variable variables[] = { { VARIABLE_BASE_URL, url } };
    const struct command command = { .argv = call->argv,
                                     .variables = variables,
                                     .variable_count = 1,
                                     .timeout_ms = FOREVER_MS,
                                     .is_recorded = true };
    struct command_result result;
    enum hm_code code;

    *exit_code = EXIT_GOOD;
    if (call->argc == 0) {
        while (stop_signal() == 0)
            pace_sleep(MS_IN_S);
        return HM_OK;
    }
    code = command_run(&result, &command, err);
    if (code == HM_OK) {
        *exit_code = result.is_stopped ? stop_exit_code(EXIT_GOOD) : result.exit_code;
        command_result_fini(&result);
    }
    return code;
}

static enum hm_code files_write(struct recorded_world *world, struct recorder *recorder,
                                const struct record_options *options, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (options->world != NULL) {
        TRY(recorded_world_make(world, &recorder->contacts, &recorder->stand_ins,
                                &(struct masking){ .mask = recorder->names.mask }, err));
        TRY(json_file_write(options->world, json_incref(world->json), err));
    }
    if (options->profile != NULL)
        TRY(learning_write(&recorder->learning, options->profile, err));
    if (options->report != NULL)
        TRY(json_file_write(
            options->report,
            recorder_summary_json(recorder, !recorder_has_failed(recorder, options->is_strict)),
            err));
out:
    return code;
}

/* The outcome of the recording, where CMD ended well. */
static int judged_exit_code(const struct recorder *recorder, bool is_strict)
{
    if (recorder->is_out_of_memory || recorder->contacts.is_out_of_memory)
        return EXIT_OUR_FAULT;
    if (recorder->not_sent > 0 && recorder->accepted + recorder->refused == 0)
        return EXIT_NOT_REACHABLE;
    return recorder_has_failed(recorder, is_strict) ? EXIT_FELL_SHORT : EXIT_GOOD;
}

static enum hm_code listen_and_say(struct recorder_server **server, char url[URL_TEXT],
                                   struct recorder *recorder, const struct record_options *options,
                                   struct hm_error *err)
{
    enum hm_code code;
    int port = (int)options->port;
    char line[URL_TEXT + 2];

    TRY(recorder_server_start(server, &port, recorder, err));
    snprintf(url, URL_TEXT, "http://127.0.0.1:%d", port);
    snprintf(line, sizeof line, "%s\n", url);
    if (options->port_file != NULL)
        TRY(file_write(options->port_file, line, strlen(line), err));
    fprintf(stderr, "recording: %s is forwarded to %s\n", url, recorder->base_url);
    if (hm_secrets_count(recorder->secrets) == 0)
        fputs("no secret is known, so signatures are not checked (--secret-file)\n", stderr);
out:
    return code;
}

int cmd_record(const struct verb_call *call)
{
    enum hm_code code;
    const struct record_options *options = call->options;
    const struct fixtures from = { NULL };
    const char *lines = options->record == NULL && !call->has_command ? "-" : options->record;
    const struct recorder_files files = { lines, options->world, options->profile,
                                          options->report };
    struct recorder *recorder = calloc(1, sizeof *recorder);
    struct recorder_server *server = NULL;
    struct recorded_world world = { .json = NULL };
    struct hm_secrets *secrets = NULL;
    char *base_url = NULL;
    char url[URL_TEXT];
    int exit_code = EXIT_GOOD;
    struct hm_error err;
    bool is_begun = false;

    stop_install();
    if (recorder == NULL)
        return program_fail(call->program, EXIT_OUR_FAULT, "out of memory");
    recorder->line_fd = -1;
    TRY(target_take(&base_url, options, &err));
    TRY(secrets_take(&secrets, options->secret_file, &err));
    recorder->base_url = base_url;
    recorder->secrets = secrets;
    recorder->timeout_ms = options->timeout_s * MS_IN_S;
    recorder->tls =
        (struct http_tls){ .cert_file = options->cert_file, .key_file = options->key_file };
    TRY(ca_file_choose(&recorder->tls.ca_file, options->ca_file, base_url, &err));
    is_begun = true;
    TRY(recorder_init(recorder, &from, &err));
    if (lines != NULL)
        TRY(lines_open(&recorder->line_fd, lines, &err));
    TRY(listen_and_say(&server, url, recorder, options, &err));
    code = serve(&exit_code, call, url, &err);
    recorder_server_stop(server);
    server = NULL;
    TRY(code);
    findings_order(&recorder->findings);
    TRY(files_write(&world, recorder, options, &err));
    recorder_summary_print(stderr, recorder, &files, &world);
    if (recorder->write_error != 0)
        TRY(hm_error_set(&err, HM_BAD_INPUT, "%s: %s: calls are missing in it", lines,
                         strerror(recorder->write_error)));
    if (exit_code == EXIT_GOOD)
        exit_code = judged_exit_code(recorder, options->is_strict);
out:
    recorder_server_stop(server);
    if (recorder->line_fd >= 0)
        close(recorder->line_fd);
    if (is_begun)
        recorder_fini(recorder);
    free(recorder);
    json_decref(world.json);
    hm_secrets_free(secrets);
    free(base_url);
    return code == HM_OK ? exit_code : stop_exit_code(program_fail_error(call->program, &err));
}
