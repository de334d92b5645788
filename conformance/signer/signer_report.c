#include "signer/signer_report.h"
#include "support/json_text.h"
#include "support/options.h"
#include "support/spawn.h"
#include "support/tap.h"
#include "support/text.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *severity_name(enum hm_severity severity)
{
    return severity == HM_REFUSES ? "refused" : "warned";
}

/* A mistake counts against the signer only if the secret has the documented shape. */
static enum hm_severity severity_in(const struct signer_run *run, enum hm_severity severity)
{
    return run->secret->is_documented ? severity : HM_WARNS;
}

/* "no token", or in the words of the findings: the most serious of the run, or "good". */
static const char *run_result(const struct signer_run *run)
{
    if (run->failure[0] != '\0')
        return "no token";
    if (run->is_good)
        return run->findings.count > 0 ? severity_name(HM_WARNS) : "good";
    return severity_name(severity_in(run, HM_REFUSES));
}

static void print_escaped(const char *before, const char *text, const char *after)
{
    fputs(before, stdout);
    print_text(stdout, text);
    fputs(after, stdout);
}

/* A run without a token counts against the signer like a mistake. */
static bool is_run_refused(const struct signer_run *run)
{
    return run->failure[0] != '\0' ? run->secret->is_documented
                                   : strcmp(run_result(run), severity_name(HM_REFUSES)) == 0;
}

/* "no token: it exited with 3", or "refused  J5 secret-swapped, warned  J9 typ-unexpected" */
static void print_result(const struct signer_run *run)
{
    if (run->failure[0] != '\0' || run->findings.count == 0)
        printf("%s", run_result(run));
    if (run->failure[0] != '\0')
        print_escaped(": it ", run->failure, run->findings.count > 0 ? ", " : "");
    for (size_t i = 0; i < run->findings.count; i++) {
        const struct hm_finding *finding = &run->findings.at[i];
        const struct hm_mistake_row *row = hm_mistake_row(finding->mistake);

        printf("%s%s  %s %s", i == 0 ? "" : ", ",
               severity_name(severity_in(run, finding->severity)), row->clause, row->code);
    }
    printf("\n");
}

static size_t count_refusals(const struct signer_report *report)
{
    size_t count = 0;

    for (size_t i = 0; i < report->finding_count; i++)
        count += report->findings[i].severity == HM_REFUSES;
    return count;
}

static void print_verdict_line(const char *before, const struct signer_report *report)
{
    size_t refusals = count_refusals(report);
    size_t warnings = report->finding_count - refusals;
    const char *verdict = report->exit_code == EXIT_GOOD        ? "good"
                          : report->exit_code > SPAWN_BY_SIGNAL ? "interrupted"
                                                                : severity_name(HM_REFUSES);

    printf("%s%s: %zu mistake%s, %zu warning%s", before, verdict, refusals, plural(refusals),
           warnings, plural(warnings));
    if (report->failures > 0)
        printf(", %zu run%s without a token", report->failures, plural(report->failures));
    printf("\n");
}

static void print_runs(const struct signer_report *report)
{
    for (size_t i = 0; i < report->run_count; i++) {
        const struct signer_run *run = &report->runs[i];

        printf("%-36s  ", run->name);
        print_result(run);
    }
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct signer_finding *finding = &report->findings[i];
        const struct hm_mistake_row *row = hm_mistake_row(finding->mistake);

        printf("\n%s  %s %s  (%zu of %zu runs)\n  ", severity_name(finding->severity), row->clause,
               row->code, finding->runs, report->run_count);
        print_escaped("", finding->message, "\n");
    }
    print_verdict_line("\n", report);
}

static void print_tap(const struct signer_report *report)
{
    tap_begin(stdout, report->run_count);
    for (size_t i = 0; i < report->run_count; i++) {
        const struct signer_run *run = &report->runs[i];

        tap_point(stdout, i + 1, !is_run_refused(run), NULL, NULL, "%s", run->name);
        if (run->failure[0] == '\0' && run->findings.count == 0)
            continue;
        printf("  ---\n");
        if (run->failure[0] != '\0')
            print_escaped("  failure: \"it ", run->failure, "\"\n");
        if (run->findings.count > 0)
            printf("  findings:\n");
        for (size_t f = 0; f < run->findings.count; f++) {
            const struct hm_finding *finding = &run->findings.at[f];
            const struct hm_mistake_row *row = hm_mistake_row(finding->mistake);

            printf("    - clause: %s\n      code: %s\n      severity: %s\n", row->clause, row->code,
                   severity_name(severity_in(run, finding->severity)));
            tap_block(stdout, "      ", "message", finding->message);
        }
        printf("  ...\n");
    }
    print_verdict_line("# ", report);
}

static json_t *finding_json(enum hm_mistake mistake, enum hm_severity severity, const char *message)
{
    const struct hm_mistake_row *row = hm_mistake_row(mistake);

    return json_pack("{s:s, s:s, s:s, s:s}", "clause", row->clause, "code", row->code, "severity",
                     severity_name(severity), "message", message);
}

static json_t *run_json(const struct signer_run *run)
{
    json_t *findings = json_array();

    for (size_t i = 0; i < run->findings.count; i++) {
        const struct hm_finding *finding = &run->findings.at[i];

        findings = json_list_add(
            findings,
            finding_json(finding->mistake, severity_in(run, finding->severity), finding->message));
    }
    return json_pack("{s:s, s:b, s:s, s:s, s:I, s:o}", "name", run->name, "documented_shape",
                     run->secret->is_documented, "result",
                     run->failure[0] == '\0' && run->is_good ? "good" : run_result(run), "failure",
                     run->failure, "tokens", (json_int_t)run->token_count, "findings", findings);
}

static json_t *report_json(const struct signer_report *report)
{
    json_t *runs = json_array();
    json_t *findings = json_array();

    for (size_t i = 0; i < report->run_count; i++)
        runs = json_list_add(runs, run_json(&report->runs[i]));
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct signer_finding *sum = &report->findings[i];
        json_t *finding = finding_json(sum->mistake, sum->severity, sum->message);

        if (json_object_set_new(finding, "count", json_integer((json_int_t)sum->runs)) != 0 ||
            json_object_set_new(finding, "cure", json_string(hm_mistake_row(sum->mistake)->cure)) !=
                0) {
            json_decref(finding);
            finding = NULL;
        }
        findings = json_list_add(findings, finding);
    }
    return json_pack("{s:i, s:o, s:s, s:o, s:o}", "v", 1, "command", json_words(report->argv),
                     "verdict", report->exit_code == EXIT_GOOD ? "good" : "refused", "runs", runs,
                     "findings", findings);
}

bool signer_print(const struct signer_report *report, enum report_format format)
{
    if (format == REPORT_JSON)
        return json_print(report_json(report));
    if (format == REPORT_TAP)
        print_tap(report);
    else
        print_runs(report);
    return true;
}
