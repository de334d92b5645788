#include "report/report_text.h"
#include "report/observed.h"
#include "report/output.h"
#include "report/shown.h"
#include <heymarket/error.h>
#include <string.h>

enum { SEEN_BYTES_MAX = 72, IDS_SHOWN_MAX = 4 };

static const char *const source_names[SOURCE_COUNT] = {
    "S, stated by the endpoint's page",
    "D, secondary: stated by another page of the documentation",
    "A, stated nowhere: a choice of our mock",
};

static void print_text(FILE *out, const char *text)
{
    print_safe(out, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

static void print_row(FILE *out, const char *name, const char *text)
{
    fprintf(out, "  %-9s ", name);
    print_text(out, text);
    fputc('\n', out);
}

static void print_lines(FILE *out, const char *name, const char *text)
{
    size_t length;

    for (; text != NULL && *text; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        fprintf(out, "  %-9s ", name);
        print_safe(out, text, length);
        fputc('\n', out);
        name = "";
    }
}

static void print_remark(FILE *out, const struct suite_run *run, const struct result *result,
                         const struct remark *remark)
{
    const struct clause *clause = remark->clause;
    const struct result *before = shown_before(run, result, remark);

    if (before != NULL) {
        if (before != result)
            fprintf(out, "  %-9s as in %s\n", clause != NULL ? clause->id : "HTTP",
                    before->test->id);
        return;
    }
    if (clause != NULL) {
        fprintf(out, "  %-3s %c     ", clause->id, clause_source_letter(remark_source(remark)));
        print_text(out, clause->sentence);
        fputs(remark_source(remark) == SOURCE_SECONDARY ? " (secondary)\n" : "\n", out);
    }
    if (result->test->step_count > 1)
        fprintf(out, "  step      %zu of %zu\n", remark->step + 1, result->test->step_count);
    print_row(out, "expected", remark->expected);
    print_row(out, "actual", remark->actual);
}

static void print_result(FILE *out, const struct suite_run *run, const struct result *result)
{
    static const char *const names[GRADE_COUNT] = { [GRADE_WARNED] = "WARNED",
                                                    [GRADE_KNOWN] = "KNOWN",
                                                    [GRADE_FAILED] = "FAILED",
                                                    [GRADE_BROKEN] = "BROKEN" };

    fprintf(out, "\n%s %s: ", names[result->grade], result->test->id);
    print_text(out, result->test->says);
    fputc('\n', out);
    if (result->reason != NULL)
        print_row(out, "reason", result->reason);
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].grade >= GRADE_WARNED)
            print_remark(out, run, result, &result->remarks[i]);
    }
    if (shown_is_new(run, result))
        print_lines(out, "repeat", result->repeat);
}

static void print_seen(FILE *out, const char *actual)
{
    const size_t length = seen_length(actual, SEEN_BYTES_MAX);

    print_safe(out, actual, length);
    fputs(seen_end(actual, length), out);
}

/* A clause with a named choice, as one case saw it. */
static void print_choice(FILE *out, const struct observation *choice)
{
    fprintf(out, "  %-3s %-17s %-34s ", choice->clause->id, choice->clause->policy,
            choice->result->test->id);
    print_seen(out, choice->remark->actual);
    fputc('\n', out);
}

/* A clause without a named choice, over all answers. */
static void print_habit(FILE *out, const struct observation *habit)
{
    fprintf(out, "  %-3s %-17s same as our mock in %zu of %zu", habit->clause->id, "", habit->held,
            habit->total);
    if (habit->remark != NULL) {
        fprintf(out, "; otherwise as in %s: expected ", habit->result->test->id);
        print_text(out, habit->remark->expected);
        fputs(", seen ", out);
        print_seen(out, habit->remark->actual);
    }
    fputc('\n', out);
}

static void print_observed(FILE *out, const struct suite_run *run)
{
    struct observations observations;

    fputs("\nBehaviour of the target where the contract leaves a choice (observed, not checked):\n",
          out);
    if (!observations_make(&observations, run))
        fputs("  (out of memory)\n", out);
    for (size_t i = 0; i < observations.count; i++) {
        if (observations.at[i].is_choice)
            print_choice(out, &observations.at[i]);
        else
            print_habit(out, &observations.at[i]);
    }
    observations_fini(&observations);
}

/* Skipped cases, grouped by reason. */
static void print_skipped(FILE *out, const struct suite_run *run)
{
    fputs("\nSkipped:\n", out);
    for (size_t i = 0; i < run->result_count; i++) {
        const char *reason = run->results[i].reason;
        size_t total = 0;
        size_t shown = 0;

        if (!skipped_is_first(run, &run->results[i]))
            continue;
        for (size_t j = i; j < run->result_count; j++)
            total += skipped_for(&run->results[j], reason);
        fprintf(out, "  %4zu  ", total);
        print_text(out, reason);
        for (size_t j = i; j < run->result_count && shown < IDS_SHOWN_MAX; j++) {
            if (skipped_for(&run->results[j], reason))
                fprintf(out, "%s%s", shown++ > 0 ? ", " : ": ", run->results[j].test->id);
        }
        fputs(total > IDS_SHOWN_MAX ? ", ...\n" : "\n", out);
    }
}

static void print_counts(FILE *out, const struct suite_run *run, const struct verdict *verdict)
{
    enum { MS_IN_S = 1000 };
    const char *comma = "";

    fprintf(out, "\n%zu case%s, %zu request%s in %.2f s: ", run->result_count,
            run->result_count == 1 ? "" : "s", run->traffic.sent, run->traffic.sent == 1 ? "" : "s",
            (double)run->time_ms / MS_IN_S);
    for (int grade = GRADE_COUNT - 1; grade >= 0; grade--) {
        if (verdict->grades[grade] == 0)
            continue;
        fprintf(out, "%s%zu %s", comma, verdict->grades[grade], grade_name((enum grade)grade));
        comma = ", ";
    }
    fputc('\n', out);
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        if (verdict->failed_by_source[i] > 0)
            fprintf(out, "%zu failed by %s\n", verdict->failed_by_source[i], source_names[i]);
    }
    if (run->options.targets.is_live)
        fprintf(out, "%zu write%s accepted\n", run->traffic.accepted,
                run->traffic.accepted == 1 ? " was" : "s were");
}

/* What was created, for those who want to delete it. */
static void print_ledger(FILE *out, const struct ledger *ledger)
{
    if (ledger->count == 0)
        return;
    fputs("\nCreated on the target:\n", out);
    for (size_t i = 0; i < ledger->count; i++) {
        const struct ledger_entry *entry = &ledger->at[i];

        fputs("  ", out);
        print_text(out, *entry->channel_type ? entry->channel_type : "(no body)");
        fputc(' ', out);
        print_text(out, entry->channel_id);
        fputs(entry->is_unknown ? " (perhaps)  " : "  ", out);
        print_text(out, entry->path);
        fprintf(out, "  by %s, step %zu", entry->case_id, entry->step + 1);
        fprintf(out, "%s%s\n", *entry->request_id ? "  X-Request-Id " : "", entry->request_id);
    }
}

void report_text(FILE *out, const struct suite_run *run, const struct verdict *verdict)
{
    fprintf(out, "heymarket-conformance %s\ntarget: ", hm_version());
    print_text(out, run->target_text);
    fputc('\n', out);
    for (size_t i = 0; i < run->result_count; i++) {
        if (run->results[i].grade >= GRADE_WARNED)
            print_result(out, run, &run->results[i]);
    }
    if (!run->is_ours && verdict->grades[GRADE_SKIPPED] < run->result_count)
        print_observed(out, run);
    if (verdict->grades[GRADE_SKIPPED] > 0)
        print_skipped(out, run);
    if (run->options.targets.is_live)
        print_ledger(out, &run->traffic.ledger);
    print_counts(out, run, verdict);
    print_text(out, verdict->word);
    fputs(*verdict->detail ? ": " : "", out);
    print_text(out, verdict->detail);
    fputc('\n', out);
}
