#include "report/verdict.h"
#include "support/buf.h"
#include "support/options.h"
#include "support/text.h"
#include "target/pace.h"
#include <stdio.h>
#include <string.h>

enum clause_source result_source(const struct result *result)
{
    enum clause_source gravest = SOURCE_ASSUMED;

    for (size_t i = 0; i < result->remark_count; i++) {
        const struct remark *remark = &result->remarks[i];

        if (remark->grade == GRADE_FAILED && remark->clause != NULL &&
            remark_source(remark) < gravest)
            gravest = remark_source(remark);
    }
    return gravest;
}

static void count(struct verdict *verdict, const struct suite_run *run)
{
    for (size_t i = 0; i < run->result_count; i++) {
        const struct result *result = &run->results[i];

        verdict->judged += result->grade >= GRADE_PASSED;
        verdict->grades[result->grade]++;
        if (result->grade == GRADE_FAILED)
            verdict->failed_by_source[result_source(result)]++;
    }
}

/* Does the target fail, or only the baseline? */
static bool has_breach(const struct suite_run *run)
{
    for (size_t i = 0; i < run->result_count; i++) {
        const struct result *result = &run->results[i];

        for (size_t j = 0; result->grade == GRADE_FAILED && j < result->remark_count; j++) {
            if (result->remarks[j].grade == GRADE_FAILED && !result->remarks[j].is_stale)
                return true;
        }
    }
    return false;
}

static void decide(struct verdict *verdict, int exit_code, const char *word, const char *detail)
{
    verdict->exit_code = exit_code;
    verdict->word = word;
    snprintf(verdict->detail, sizeof verdict->detail, "%s", detail);
}

/* "412 of 617 judged, 205 skipped" */
static void parts_write(char text[VERDICT_TEXT], const struct verdict *verdict,
                        const struct suite_run *run)
{
    const size_t observed = verdict->grades[GRADE_OBSERVED];
    const size_t skipped = verdict->grades[GRADE_SKIPPED];
    const size_t known = verdict->grades[GRADE_KNOWN];
    struct buf parts;

    buf_init(&parts, VERDICT_TEXT);
    buf_printf(&parts, "%zu of %zu judged", verdict->judged, run->result_count);
    if (observed > 0)
        buf_printf(&parts, ", %zu observed", observed);
    if (skipped > 0)
        buf_printf(&parts, ", %zu skipped", skipped);
    if (known > 0)
        buf_printf(&parts, "; except for %zu known failure%s of the baseline", known,
                   plural(known));
    snprintf(text, VERDICT_TEXT, "%s", buf_text(&parts));
    buf_fini(&parts);
}

static void decide_good(struct verdict *verdict, const struct suite_run *run)
{
    char text[VERDICT_TEXT];

    parts_write(text, verdict, run);
    if (verdict->judged == 0)
        decide(verdict, EXIT_GOOD, "NOTHING JUDGED", "every case was skipped or only observed");
    else
        decide(verdict, EXIT_GOOD, "PASSED", text);
}

static void decide_too_little(struct verdict *verdict, const struct suite_run *run)
{
    char text[VERDICT_TEXT];

    snprintf(text, sizeof text, "only %zu of %zu cases were judged, --min-judged expects %zu",
             verdict->judged, run->result_count, run->options.min_judged);
    decide(verdict, EXIT_FELL_SHORT, "FAILED", text);
}

/* A good verdict about little should not look like one about everything. */
static void warn_of_little(struct verdict *verdict, const struct suite_run *run)
{
    const size_t seen = verdict->judged + verdict->grades[GRADE_OBSERVED];
    const size_t planned = run->plan.has_room != NULL ? run->plan.case_count : seen;

    if (verdict->exit_code != EXIT_GOOD)
        return;
    if (seen < planned)
        snprintf(verdict->warning, sizeof verdict->warning,
                 "only %zu of the %zu planned cases were run; the reasons are among those of the "
                 "skipped cases",
                 seen, planned);
    else if (verdict->judged < run->result_count / 2)
        snprintf(verdict->warning, sizeof verdict->warning,
                 "only %zu of %zu cases were judged; --min-judged N fails a run that judges fewer "
                 "than N",
                 verdict->judged, run->result_count);
    else if (run->has_part)
        snprintf(verdict->warning, sizeof verdict->warning,
                 "the target has only some of the operations on channels: %s", run->target_text);
}

void verdict_make(struct verdict *verdict, const struct suite_run *run)
{
    const size_t *grades = verdict->grades;

    memset(verdict, 0, sizeof *verdict);
    count(verdict, run);
    if (run->stop == STOP_SIGNAL)
        decide(verdict, stop_exit_code(0), "INTERRUPTED", "the report contains the cases that ran");
    else if (grades[GRADE_BROKEN] > 0)
        decide(verdict, EXIT_OUR_FAULT, "BROKEN", "an error in the suite");
    else if (*run->mock_text)
        decide(verdict, EXIT_OUR_FAULT, "BROKEN", run->mock_text);
    else if (run->stop == STOP_CREDENTIALS)
        decide(verdict, EXIT_CREDENTIALS, "CREDENTIALS REFUSED", run->stop_text);
    else if (run->stop == STOP_NOT_REACHABLE)
        decide(verdict, EXIT_NOT_REACHABLE, "NOT REACHABLE", run->stop_text);
    else if (run->stop == STOP_NO_ANSWER)
        decide(verdict, EXIT_OUTCOME_UNKNOWN, "NO ANSWER", run->stop_text);
    else if (grades[GRADE_FAILED] > 0 && run->stop != STOP_OTHER_RULE)
        decide(verdict, EXIT_FELL_SHORT, "FAILED",
               has_breach(run)
                   ? "the target violates the contract"
                   : "an entry of the baseline no longer fails, or its date has passed");
    else if (run->stop != STOP_NONE)
        decide(verdict, EXIT_FELL_SHORT, "FAILED", run->stop_text);
    else if (run->options.is_strict && grades[GRADE_WARNED] > 0)
        decide(verdict, EXIT_FELL_SHORT, "FAILED", "there are warnings and --strict was given");
    else if (verdict->judged < run->options.min_judged)
        decide_too_little(verdict, run);
    else
        decide_good(verdict, run);
    warn_of_little(verdict, run);
}
