#include "report/verdict.h"
#include "support/options.h"
#include "target/pace.h"
#include <stdio.h>
#include <string.h>

enum { SIGNALLED = 128 };

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

static void decide_good(struct verdict *verdict)
{
    const size_t known = verdict->grades[GRADE_KNOWN];

    decide(verdict, EXIT_GOOD, "PASSED", "");
    if (known > 0)
        snprintf(verdict->detail, sizeof verdict->detail,
                 "except for %zu known failure%s of the baseline", known, known == 1 ? "" : "s");
    else if (verdict->grades[GRADE_PASSED] + verdict->grades[GRADE_WARNED] == 0)
        decide(verdict, EXIT_GOOD, "NOTHING JUDGED", "every case was skipped or only observed");
}

void verdict_make(struct verdict *verdict, const struct suite_run *run)
{
    const size_t *grades = verdict->grades;

    memset(verdict, 0, sizeof *verdict);
    count(verdict, run);
    if (run->stop == STOP_SIGNAL)
        decide(verdict, SIGNALLED + stop_signal(), "INTERRUPTED",
               "the report contains the cases that ran");
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
    else if (run->stop == STOP_OTHER_RULE || run->stop == STOP_REFUSED)
        decide(verdict, EXIT_FELL_SHORT, "FAILED", run->stop_text);
    else if (grades[GRADE_FAILED] > 0)
        decide(verdict, EXIT_FELL_SHORT, "FAILED",
               has_breach(run)
                   ? "the target violates the contract"
                   : "an entry of the baseline no longer fails, or its date has passed");
    else if (run->stop != STOP_NONE)
        decide(verdict, EXIT_FELL_SHORT, "FAILED", run->stop_text);
    else if (run->options.is_strict && grades[GRADE_WARNED] > 0)
        decide(verdict, EXIT_FELL_SHORT, "FAILED", "there are warnings and --strict was given");
    else
        decide_good(verdict);
}
