#include "report/report_md.h"

#include "judge/baseline.h"
#include "support/annotations.h"
#include "support/markdown.h"
#include <heymarket/error.h>
#include <stdio.h>
#include <string.h>

enum {
    FULL_MAX = 20,         /* findings that are shown in full; the page of a job is limited */
    VALUE_BYTES_MAX = 300, /* of an expected or actual value */
    MESSAGE_BYTES_MAX = 64 * 1024
};

static void write_counts(struct buf *out, const struct suite_run *run,
                         const struct verdict *verdict)
{
    buf_puts(out, "| cases | requests |");
    for (int grade = GRADE_COUNT - 1; grade >= 0; grade--) {
        if (verdict->grades[grade] > 0)
            buf_printf(out, " %s |", grade_name((enum grade)grade));
    }
    buf_puts(out, "\n| ---: | ---: |");
    for (int grade = GRADE_COUNT - 1; grade >= 0; grade--)
        buf_puts(out, verdict->grades[grade] > 0 ? " ---: |" : "");
    buf_printf(out, "\n| %zu | %zu |", run->result_count, run->traffic.sent);
    for (int grade = GRADE_COUNT - 1; grade >= 0; grade--) {
        if (verdict->grades[grade] > 0)
            buf_printf(out, " %zu |", verdict->grades[grade]);
    }
    buf_puts(out, "\n\n");
}

static void write_value(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, "- %s: <code>", name);
    markdown_cut(out, value, VALUE_BYTES_MAX);
    buf_puts(out, "</code>\n");
}

static const char *clause_of(const struct finding *finding)
{
    return finding->clause != NULL          ? finding->clause->id
           : finding->grade == GRADE_BROKEN ? "broken"
                                            : "HTTP";
}

static void write_finding(struct buf *out, const struct finding *finding)
{
    const struct result *first = finding->first;

    buf_printf(out, "#### %s, %s: `%s`, ", clause_of(finding), grade_name(finding->grade),
               first->test->id);
    markdown_paragraph(out, first->test->says);
    if (finding->clause != NULL)
        markdown_paragraph(out, finding->clause->sentence);
    if (finding->remark == NULL) {
        markdown_paragraph(out, first->reason != NULL ? first->reason : "");
        return;
    }
    if (first->test->step_count > 1)
        buf_printf(out, "- step: %zu of %zu\n", finding->remark->step + 1, first->test->step_count);
    write_value(out, "expected", finding->remark->expected);
    write_value(out, "actual", finding->remark->actual);
    if (finding->remark->known != NULL)
        write_value(out, "known", finding->remark->known->reason);
    if (finding->count > 1)
        buf_printf(out, "- the same in %zu cases\n", finding->count);
    buf_putc(out, '\n');
    if (first->repeat != NULL)
        markdown_commands(out, first->repeat);
}

void report_md(struct buf *out, const struct suite_run *run, const struct verdict *verdict)
{
    const struct findings *findings = &run->findings;
    size_t shown = 0;

    buf_printf(out, "## heymarket-conformance: %s\n\n", verdict->word);
    if (*verdict->detail != '\0')
        markdown_paragraph(out, verdict->detail);
    if (*verdict->warning != '\0') {
        buf_puts(out, "**Warning:** ");
        markdown_paragraph(out, verdict->warning);
    }
    buf_puts(out, "Target: ");
    markdown_code(out, run->target_text);
    buf_puts(out, "\n\n");
    write_counts(out, run, verdict);
    buf_puts(out, findings->count > 0 ? "### What was wrong\n\n" : "");
    for (; shown < findings->count && shown < FULL_MAX; shown++)
        write_finding(out, &findings->at[shown]);
    if (shown < findings->count)
        buf_printf(out, "%zu more findings are in report.html.\n\n", findings->count - shown);
    buf_printf(out, "heymarket-conformance %s\n", hm_version());
}

static void annotate_finding(struct annotations *annotations, const struct finding *finding)
{
    const struct result *first = finding->first;
    enum annotation_level level = finding->grade >= GRADE_FAILED   ? ANNOTATION_ERROR
                                  : finding->grade == GRADE_WARNED ? ANNOTATION_WARNING
                                                                   : ANNOTATION_NOTICE;
    struct buf title, message;

    buf_init(&title, MESSAGE_BYTES_MAX);
    buf_init(&message, MESSAGE_BYTES_MAX);
    buf_printf(&title, "%s %s: %s", clause_of(finding), first->test->id, first->test->says);
    if (finding->remark != NULL)
        buf_printf(&message, "expected %.*s, actual %.*s", VALUE_BYTES_MAX,
                   finding->remark->expected, VALUE_BYTES_MAX, finding->remark->actual);
    else
        buf_puts(&message, first->reason != NULL ? first->reason : grade_name(finding->grade));
    if (finding->count > 1)
        buf_printf(&message, "; the same in %zu cases", finding->count);
    annotate(annotations, level, buf_text(&title), buf_text(&message));
    buf_fini(&title);
    buf_fini(&message);
}

void report_annotate(const struct suite_run *run, const struct verdict *verdict)
{
    struct annotations annotations = { 0 };

    if (verdict->exit_code != 0)
        annotate(&annotations, ANNOTATION_ERROR, "heymarket-conformance",
                 *verdict->detail != '\0' ? verdict->detail : verdict->word);
    for (size_t i = 0; i < run->findings.count; i++)
        annotate_finding(&annotations, &run->findings.at[i]);
}
