#include "verb_signer.h"
#include "contract/token_find.h"
#include "contract/variables.h"
#include "signer/command.h"
#include "signer/signer_report.h"
#include "suite_options.h"
#include "support/monotonic.h"
#include "support/text.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "target/pace.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { APART_S = 2, OUTLIVED_S = 301, TICK_MS = 20 };

#define FIELD(member) offsetof(struct signer_options, member)

const struct option signer_options_table[] = {
    FORMAT_ROW,
    FLAG_ROW("--wait", waits,
             "Run CMD once more after 301 seconds, when a cached token has expired [J6]."),
    STRICT_ROW,
    COMMAND_TIMEOUT_ROW,
    { .name = NULL },
};

void signer_defaults(void *options)
{
    struct signer_options *given = options;

    given->timeout_s = COMMAND_TIMEOUT_S;
}

/* What the runs share. */
struct trial {
    const struct signer_options *options;
    struct signer_report *report;
    struct signer_secret secrets[SIGNER_SHAPES];
};

static void keep_findings(struct signer_run *run, const struct hm_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        bool is_there = false;

        for (size_t kept = 0; kept < run->findings.count; kept++)
            is_there = is_there || run->findings.at[kept].mistake == findings->at[i].mistake;
        if (!is_there && run->findings.count < HM_FINDINGS_MAX)
            run->findings.at[run->findings.count++] = findings->at[i];
    }
}

static enum hm_code judge_token(struct signer_run *run, const struct found_token *token,
                                const struct hm_secrets *secrets, int64_t now, struct hm_error *err)
{
    struct hm_verdict verdict;
    enum hm_code code =
        token->is_header_value
            ? hm_authorization_verify(&verdict, token->text, token->length, secrets, NULL, now, err)
            : hm_token_verify(&verdict, token->text, token->length, secrets, NULL, now, err);

    if (code != HM_OK && code != HM_TOKEN_REFUSED)
        return code;
    if (run->token_count++ == 0) {
        run->has_iat = verdict.has_iat;
        run->iat = verdict.iat;
        run->is_good = true;
    }
    run->is_good = run->is_good && verdict.is_good;
    keep_findings(run, &verdict.findings);
    return HM_OK;
}

static enum hm_code judge_output(struct signer_run *run, const struct command_result *result,
                                 int64_t now, struct hm_error *err)
{
    enum hm_code code;
    struct hm_secrets *secrets = NULL;
    struct found_tokens found = { 0, NULL, false };

    TRY(hm_secrets_new(&secrets, err));
    TRY(hm_secrets_add(secrets, run->secret->id, run->secret->key, err));
    TRY(token_find(&found, buf_text(&result->output), result->output.length, err));
    for (size_t i = 0; i < found.count; i++)
        TRY(judge_token(run, &found.at[i], secrets, now, err));
    hm_findings_sort(&run->findings);
    if (found.count == 0 && result->output.length == 0)
        snprintf(run->failure, sizeof run->failure, "printed nothing on standard output");
    else if (found.count == 0)
        snprintf(run->failure, sizeof run->failure,
                 "printed %zu byte%s on standard output, none of them a token",
                 result->output.length, plural(result->output.length));
out:
    found_tokens_fini(&found);
    hm_secrets_free(secrets);
    return code;
}

/* Notes why a finished run cannot be judged. */
static void note_failure(struct signer_run *run, const struct command_result *result,
                         const struct signer_options *options)
{
    if (result->is_late)
        snprintf(run->failure, sizeof run->failure, "did not end within %lld s",
                 (long long)options->timeout_s);
    else if (result->is_cut)
        snprintf(run->failure, sizeof run->failure, "printed more than %d bytes",
                 COMMAND_OUTPUT_BYTES_MAX);
    else if (result->exit_code != 0)
        snprintf(run->failure, sizeof run->failure, "exited with %d", result->exit_code);
}

static enum hm_code run_once(struct trial *trial, const struct signer_secret *secret,
                             const char *name, struct hm_error *err)
{
    const struct command_variable variables[] = {
        { VARIABLE_SECRET_ID, secret->id },
        { VARIABLE_SECRET_KEY, secret->key },
    };
    const struct command command = { .argv = trial->report->argv,
                                     .variables = variables,
                                     .variable_count = 2,
                                     .timeout_ms = trial->options->timeout_s * 1000 };
    struct signer_run *run = &trial->report->runs[trial->report->run_count];
    struct command_result result;

    enum hm_code code = command_run(&result, &command, err);
    if (code != HM_OK)
        return code;
    if (result.is_stopped) { /* what was interrupted is not judged */
        command_result_fini(&result);
        return HM_OK;
    }
    trial->report->run_count++;
    run->secret = secret;
    snprintf(run->name, sizeof run->name, "%s", name);
    note_failure(run, &result, trial->options);
    if (run->failure[0] == '\0')
        code = judge_output(run, &result, wall_clock_s(), err);
    command_result_fini(&result);
    return code;
}

/* Waits until @seconds after @start; a signal ends it. */
static void wait_until(int64_t start, int64_t seconds)
{
    while (wall_clock_s() < start + seconds && stop_signal() == 0)
        monotonic_pause(TICK_MS);
}

/* [J6] A signer that signs each time puts the present time into each token. */
static void compare_iat(struct signer_report *report, size_t later)
{
    struct signer_run *run = &report->runs[later];

    if (!report->runs[0].has_iat || !run->has_iat || report->runs[0].iat != run->iat)
        return;
    hm_findings_add(&run->findings, HM_J6_TOKEN_REUSED,
                    "tokens of two runs at least %d s apart have the same iat", APART_S);
    run->is_good = false;
}

static void sum_up_run(struct signer_report *report, const struct signer_run *run)
{
    report->failures += run->failure[0] != '\0';
    report->documented_failures += run->failure[0] != '\0' && run->secret->is_documented;
    for (size_t i = 0; i < run->findings.count; i++) {
        const struct hm_finding *finding = &run->findings.at[i];
        struct signer_finding *sum = NULL;

        for (size_t known = 0; known < report->finding_count; known++) {
            if (report->findings[known].mistake == finding->mistake)
                sum = &report->findings[known];
        }
        if (sum == NULL) {
            sum = &report->findings[report->finding_count++];
            *sum = (struct signer_finding){ finding->mistake, HM_WARNS, 0, "" };
            memcpy(sum->message, finding->message, sizeof sum->message);
        }
        sum->runs++;
        if (finding->severity == HM_REFUSES && run->secret->is_documented)
            sum->severity = HM_REFUSES;
    }
}

static void sum_up(struct signer_report *report, bool is_strict)
{
    size_t refusals = 0;

    for (size_t i = 0; i < report->run_count; i++)
        sum_up_run(report, &report->runs[i]);
    for (size_t i = 0; i < report->finding_count; i++)
        refusals += report->findings[i].severity == HM_REFUSES;
    if (report->documented_failures > 0 || refusals > 0 || (is_strict && report->finding_count > 0))
        report->exit_code = EXIT_FELL_SHORT;
    if (stop_signal() != 0)
        report->exit_code = 128 + stop_signal();
}

static enum hm_code run_all(struct trial *trial, struct hm_error *err)
{
    enum hm_code code;
    int64_t start = wall_clock_s();

    TRY(run_once(trial, &trial->secrets[0], trial->secrets[0].shape, err));
    for (size_t i = 1; i < SIGNER_SHAPES && stop_signal() == 0; i++)
        TRY(run_once(trial, &trial->secrets[i], trial->secrets[i].shape, err));
    wait_until(start, APART_S);
    if (stop_signal() == 0) {
        TRY(run_once(trial, &trial->secrets[0], "the first secret again, 2 s later", err));
        compare_iat(trial->report, trial->report->run_count - 1);
    }
    if (trial->options->waits && stop_signal() == 0) {
        fprintf(stderr, "waiting until 301 s after the first run\n");
        wait_until(start, OUTLIVED_S);
        if (stop_signal() == 0)
            TRY(run_once(trial, &trial->secrets[0], "the first secret again, 301 s later", err));
    }
    code = HM_OK;
out:
    return code;
}

int cmd_signer(const struct verb_call *call)
{
    enum hm_code code;
    struct hm_error err;
    struct trial trial = { .options = call->options };
    int exit_code = EXIT_GOOD;

    trial.report = calloc(1, sizeof *trial.report);
    if (trial.report == NULL || !signer_secrets_make(trial.secrets)) {
        code = hm_error_set(&err, HM_INTERNAL, "out of memory, or no random bytes from the system");
        goto out;
    }
    stop_install();
    trial.report->argv = call->argv;
    TRY(run_all(&trial, &err));
    sum_up(trial.report, trial.options->is_strict);
    exit_code = trial.report->exit_code;
    if (!signer_print(trial.report, (enum report_format)trial.options->format))
        code = hm_error_set(&err, HM_NO_MEMORY, "out of memory");
out:
    if (code != HM_OK)
        exit_code = stop_exit_code(program_fail_error(call->program, &err));
    free(trial.report);
    return exit_code;
}
