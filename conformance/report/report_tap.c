#include "report/report_tap.h"
#include "judge/findings.h"
#include "support/buf.h"
#include "support/tap.h"
#include "support/text.h"

enum { LINE_BYTES_MAX = 64 * 1024 };

static void print_remark(FILE *out, const struct remark *remark)
{
    fprintf(out, "    - result: %s\n", grade_name(remark->grade));
    if (remark->clause != NULL) {
        fprintf(out, "      clause: %s\n      source: %c\n", remark->clause->id,
                clause_source_letter(remark_source(remark)));
        tap_scalar(out, "      ", "sentence", remark->clause->sentence);
    }
    fprintf(out, "      step: %zu\n", remark->step + 1);
    tap_scalar(out, "      ", "expected", remark->expected);
    tap_scalar(out, "      ", "actual", remark->actual);
    if (remark->finding != 0)
        fprintf(out, "      finding: %zu\n", remark->finding);
}

static void print_diagnostics(FILE *out, const struct result *result)
{
    fprintf(out, "  ---\n  result: %s\n", grade_name(result->grade));
    if (result->reason != NULL)
        tap_scalar(out, "  ", "reason", result->reason);
    if (result->remark_count > 0)
        fputs("  remarks:\n", out);
    for (size_t i = 0; i < result->remark_count; i++)
        print_remark(out, &result->remarks[i]);
    if (result->repeat != NULL)
        tap_block(out, "  ", "repeat", result->repeat);
    fputs("  ...\n", out);
}

static void print_point(FILE *out, const struct result *result, size_t number, bool is_strict)
{
    const bool is_known = result->grade == GRADE_KNOWN;
    const bool is_ok =
        result->grade < GRADE_WARNED || (result->grade == GRADE_WARNED && !is_strict);
    const bool has_directive = result->grade == GRADE_SKIPPED || is_known;

    tap_point(out, number, is_ok,
              is_known        ? "todo"
              : has_directive ? "SKIP"
                              : NULL,
              result->reason != NULL ? result->reason : "", "%s %s", result->test->id,
              result->test->says);
    if (result->grade != GRADE_SKIPPED && result->grade != GRADE_PASSED)
        print_diagnostics(out, result);
}

/* "# finding 1: failed T4 D in 445 cases, first B1-order: expected ..., actual ..." */
static void print_finding(FILE *out, const struct finding *finding)
{
    const struct remark *remark = finding->remark;
    struct buf line;

    buf_init(&line, LINE_BYTES_MAX);
    buf_printf(&line, "# finding %zu: %s ", finding->number, grade_name(finding->grade));
    if (finding->clause != NULL)
        buf_printf(&line, "%s %c ", finding->clause->id, clause_source_letter(finding->source));
    buf_printf(&line, "in %zu case%s, first %s", finding->count, plural(finding->count),
               finding->first->test->id);
    if (remark != NULL)
        buf_printf(&line, ": expected %s, actual %s", remark->expected, remark->actual);
    tap_line(out, "", buf_text(&line));
    buf_fini(&line);
}

static void print_verdict(FILE *out, const struct verdict *verdict)
{
    if (*verdict->warning)
        tap_line(out, "# warning: ", verdict->warning);
    fprintf(out, "# verdict: %s", verdict->word);
    tap_line(out, *verdict->detail ? ": " : "", verdict->detail);
}

void report_tap(FILE *out, const struct suite_run *run, const struct verdict *verdict)
{
    tap_begin(out, run->result_count);
    tap_line(out, "# target: ", run->target_text);
    for (size_t i = 0; i < run->result_count; i++)
        print_point(out, &run->results[i], i + 1, run->options.is_strict);
    for (size_t i = 0; i < run->findings.count; i++)
        print_finding(out, &run->findings.at[i]);
    print_verdict(out, verdict);
    if (run->stop != STOP_NONE)
        tap_line(out, "Bail out! ", run->stop_text);
}
