#include "report/report_text.h"
#include "report/observed.h"
#include "report/output.h"
#include "report/shown.h"
#include "report/text_findings.h"
#include "support/text.h"
#include <heymarket/error.h>
#include <string.h>

enum { SEEN_BYTES_MAX = 72, IDS_SHOWN_MAX = 4 };

static const char *const source_names[SOURCE_COUNT] = {
    "S, stated by the endpoint's page",
    "D, secondary: stated by another page of the documentation",
    "A, stated nowhere: a choice of our mock",
};

static void print_seen(FILE *out, const char *actual)
{
    const size_t length = seen_length(actual, SEEN_BYTES_MAX);

    print_safe(out, actual, length);
    fputs(seen_end(actual, length), out);
}

/* Did two cases see the same of the same choice? */
static bool is_same_choice(const struct observation *a, const struct observation *b)
{
    const size_t length = seen_length(a->remark->actual, SEEN_BYTES_MAX);

    return a->clause == b->clause && seen_length(b->remark->actual, SEEN_BYTES_MAX) == length &&
           strncmp(a->remark->actual, b->remark->actual, length) == 0;
}

/* A clause with a named choice, as one case saw it; if not verbose, as all cases saw it that saw
 * the same. */
static void print_choice(FILE *out, const struct observations *observations,
                         const struct observation *choice, bool is_verbose)
{
    const struct observation *other = observations->at;
    size_t more = 0;

    while (!is_verbose && !is_same_choice(other, choice))
        other++;
    if (!is_verbose && other < choice)
        return;
    for (other = choice + 1; !is_verbose && other < observations->at + observations->count; other++)
        more += other->is_choice && is_same_choice(other, choice);
    fprintf(out, "  %-3s %-17s %-34s ", choice->clause->id, choice->clause->policy,
            choice->result->test->id);
    print_seen(out, choice->remark->actual);
    if (more > 0)
        fprintf(out, "; the same in %zu more case%s", more, plural(more));
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
            print_choice(out, &observations, &observations.at[i], run->options.is_verbose);
        else
            print_habit(out, &observations.at[i]);
    }
    observations_fini(&observations);
}

/* "needs a mock started with": one line stands for all such reasons. */
static size_t reason_length(const struct suite_run *run, const char *reason)
{
    static const char with[] = "needs a mock started with ";

    return !run->options.is_verbose && strncmp(reason, with, sizeof with - 1) == 0 ? sizeof with - 1
                                                                                   : strlen(reason);
}

static bool is_skipped_for(const struct result *result, const char *reason, size_t length)
{
    return result->grade == GRADE_SKIPPED && result->reason != NULL &&
           strncmp(result->reason, reason, length) == 0;
}

/* The cases of one reason, from the first of them. */
static void print_reason(FILE *out, const struct suite_run *run, const struct result *first,
                         size_t length)
{
    const struct result *end = run->results + run->result_count;
    const bool is_cut = length < strlen(first->reason);
    size_t total = 0;
    size_t shown = 0;

    for (const struct result *other = first; other < end; other++)
        total += is_skipped_for(other, first->reason, length);
    fprintf(out, "  %4zu  ", total);
    print_safe(out, first->reason, length);
    fputs(is_cut ? "other options" : "", out);
    for (const struct result *other = first; other < end && shown < IDS_SHOWN_MAX; other++) {
        if (is_skipped_for(other, first->reason, length))
            fprintf(out, "%s%s", shown++ > 0 ? ", " : ": ", other->test->id);
    }
    fputs(total > IDS_SHOWN_MAX ? ", ...\n" : "\n", out);
}

/* Skipped cases, grouped by reason. */
static void print_skipped(FILE *out, const struct suite_run *run)
{
    fputs("\nSkipped:\n", out);
    for (const struct result *result = run->results; result < run->results + run->result_count;
         result++) {
        const struct result *other = run->results;

        if (result->grade != GRADE_SKIPPED || result->reason == NULL)
            continue;
        const size_t length = reason_length(run, result->reason);
        while (!is_skipped_for(other, result->reason, length))
            other++;
        if (other == result)
            print_reason(out, run, result, length);
    }
}

static void print_counts(FILE *out, const struct suite_run *run, const struct verdict *verdict)
{
    enum { MS_IN_S = 1000 };
    const char *comma = "";

    fprintf(out, "\n%zu case%s, %zu request%s in %.2f s: ", run->result_count,
            plural(run->result_count), run->traffic.sent, plural(run->traffic.sent),
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

/* The cases that were not run because the run ended early, in one line. */
static void print_stop(FILE *out, const struct suite_run *run)
{
    static const char not_run[] = "not run: ";
    const struct result *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < run->result_count; i++) {
        if (!is_skipped_for(&run->results[i], not_run, sizeof not_run - 1))
            continue;
        first = first == NULL ? &run->results[i] : first;
        count++;
    }
    if (first == NULL)
        return;
    fprintf(out, "%zu case%s ", count, plural(count));
    print_text(out, first->reason);
    fputc('\n', out);
}

/* What a run that found something wrong leaves out, so that the findings stay on the screen. */
static void print_left_out(FILE *out, const struct suite_run *run, const struct verdict *verdict)
{
    const size_t observed = verdict->grades[GRADE_OBSERVED];
    const size_t skipped = verdict->grades[GRADE_SKIPPED];
    const char *comma = observed > 0 ? ", " : "";

    if (observed + skipped == 0)
        return;
    fputc('\n', out);
    if (observed > 0)
        fprintf(out, "%zu observed", observed);
    if (skipped > 0)
        fprintf(out, "%s%zu skipped", comma, skipped);
    fputs("; --verbose shows all reasons and observations\n", out);
    print_stop(out, run);
}

static void print_cleanup(FILE *out, const struct cleanup *cleanup)
{
    fprintf(out, "%zu channel%s deleted, %zu of this run left", cleanup->deleted,
            plural(cleanup->deleted), cleanup->left);
    if (cleanup->typeless > 0)
        fprintf(out, "; %zu of these without a type, so no request can delete them [G5]",
                cleanup->typeless);
    fputc('\n', out);
}

void report_text(FILE *out, const struct suite_run *run, const struct verdict *verdict)
{
    const bool is_short = !run->options.is_verbose && run->findings.count > 0 &&
                          run->findings.at[0].grade >= GRADE_FAILED;

    fprintf(out, "heymarket-conformance %s\ntarget: ", hm_version());
    print_text(out, run->target_text);
    fputc('\n', out);
    text_findings(out, run);
    if (!is_short && !run->is_ours && verdict->grades[GRADE_SKIPPED] < run->result_count)
        print_observed(out, run);
    if (!is_short && verdict->grades[GRADE_SKIPPED] > 0 && !suite_run_ended_at_first(run))
        print_skipped(out, run);
    if (is_short)
        print_left_out(out, run, verdict);
    if (run->options.targets.is_live)
        print_ledger(out, &run->traffic.ledger);
    print_counts(out, run, verdict);
    if (run->cleanup.was_tried)
        print_cleanup(out, &run->cleanup);
    if (*verdict->warning) {
        fputs("WARNING: ", out);
        print_text(out, verdict->warning);
        fputc('\n', out);
    }
    print_text(out, verdict->word);
    fputs(*verdict->detail ? ": " : "", out);
    print_text(out, verdict->detail);
    fputc('\n', out);
}
