#include "run/run_annotations.h"

#include "journal/counts.h"
#include "run/run_report_text.h"
#include "support/annotations.h"
#include <stdio.h>
#include <stdlib.h>

enum { TITLE_BYTES = 128, MESSAGE_BYTES_MAX = 1024 };

/* What --fail-on fails for is an error, other refusals are warnings, warnings are notices. */
static void annotate_finding(struct annotations *annotations, const struct outcome *outcome,
                             const struct finding_sum *sum)
{
    const struct hm_mistake_row *row = hm_mistake_row(sum->mistake);
    enum annotation_level level = outcome_fails_on(outcome, sum->mistake, sum->severity)
                                      ? ANNOTATION_ERROR
                                  : sum->severity == HM_REFUSES ? ANNOTATION_WARNING
                                                                : ANNOTATION_NOTICE;
    char title[TITLE_BYTES];
    struct buf message;

    buf_init(&message, MESSAGE_BYTES_MAX);
    snprintf(title, sizeof title, "%s %s", row->clause, row->code);
    report_times(&message, sum);
    buf_printf(&message, ": %s", sum->message);
    annotate(annotations, level, title, buf_text(&message));
    buf_fini(&message);
}

void run_annotate(const struct outcome *outcome)
{
    struct finding_sum *sums = NULL;
    struct annotations annotations = { 0 };
    char title[TITLE_BYTES];
    size_t count;

    if (!annotations_are_read())
        return;
    for (size_t i = 0; i < outcome->judgement_count; i++) {
        if (outcome->judgements[i].is_met)
            continue;
        snprintf(title, sizeof title, "heymarket-mock run: %s", outcome->judgements[i].name);
        annotate(&annotations, ANNOTATION_ERROR, title, outcome->judgements[i].text);
    }
    if (outcome->has_started && atomic_load(&outcome->mock->counts->requests) == 0)
        annotate(&annotations, ANNOTATION_WARNING, "heymarket-mock run",
                 outcome->reach != NULL ? buf_text(&outcome->reach->why) : "no request came");
    sums = calloc(FINDING_SUMS_MAX, sizeof *sums);
    count = sums == NULL ? 0 : counts_findings(sums, outcome->mock->counts);
    for (size_t i = 0; i < count; i++)
        annotate_finding(&annotations, outcome, &sums[i]);
    free(sums);
}
