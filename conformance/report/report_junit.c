#include "report/report_junit.h"
#include "support/buf.h"
#include "support/junit.h"
#include <heymarket/error.h>

enum { MESSAGE_BYTES_MAX = 16 * 1024 };

static bool is_failed(const struct suite_run *run, const struct result *result)
{
    return result->grade == GRADE_FAILED ||
           (result->grade == GRADE_WARNED && run->options.is_strict);
}

/* Viewers show these as skipped. */
static bool is_passed_over(const struct result *result)
{
    return result->grade == GRADE_SKIPPED || result->grade == GRADE_KNOWN;
}

static void figures_add(struct junit_figures *figures, const struct suite_run *run,
                        const struct result *result)
{
    figures->tests++;
    figures->failures += is_failed(run, result);
    figures->errors += result->grade == GRADE_BROKEN;
    figures->skipped += is_passed_over(result);
    figures->time_ms += result->time_ms;
}

/* The finding that the first case of it has described; NULL: this is that case, or an observation.
 */
static const struct finding *described(const struct suite_run *run, const struct result *result,
                                       const struct remark *remark)
{
    const struct finding *finding =
        remark->finding != 0 ? &run->findings.at[remark->finding - 1] : NULL;

    return finding != NULL && finding->first != result ? finding : NULL;
}

static void remark_write(struct buf *out, const struct suite_run *run, const struct remark *remark,
                         const struct result *result)
{
    const struct clause *clause = remark->clause;
    const struct finding *finding = described(run, result, remark);

    if (finding != NULL) {
        buf_printf(out, "%s as in %s, one of %zu cases\n", clause != NULL ? clause->id : "HTTP",
                   finding->first->test->id, finding->count);
        return;
    }
    if (clause != NULL) {
        buf_printf(out, "%s %c ", clause->id, clause_source_letter(remark_source(remark)));
        junit_text(out, clause->sentence);
        buf_puts(out, remark_source(remark) == SOURCE_SECONDARY ? " (secondary)\n" : "\n");
    }
    if (result->test->step_count > 1)
        buf_printf(out, "step     %zu of %zu\n", remark->step + 1, result->test->step_count);
    buf_puts(out, "expected ");
    junit_text(out, remark->expected);
    buf_puts(out, "\nactual   ");
    junit_text(out, remark->actual);
    buf_putc(out, '\n');
}

static void remarks_write(struct buf *out, const struct suite_run *run, const struct result *result,
                          enum grade least, enum grade most)
{
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].grade >= least && result->remarks[i].grade <= most)
            remark_write(out, run, &result->remarks[i], result);
    }
}

static bool has_remarks(const struct result *result, enum grade least, enum grade most)
{
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].grade >= least && result->remarks[i].grade <= most)
            return true;
    }
    return false;
}

/* The message is the first difference, the type its clause. */
static void failure_begin(struct buf *out, const struct result *result)
{
    const enum grade least = result->grade == GRADE_FAILED ? GRADE_FAILED : GRADE_WARNED;
    const struct remark *first = NULL;
    struct buf message;

    for (size_t i = 0; i < result->remark_count && first == NULL; i++) {
        if (result->remarks[i].grade >= least)
            first = &result->remarks[i];
    }
    buf_init(&message, MESSAGE_BYTES_MAX);
    if (first != NULL)
        buf_printf(&message, "%s: expected %s, actual %s",
                   first->clause != NULL ? first->clause->id : "HTTP", first->expected,
                   first->actual);
    else
        buf_puts(&message, result->reason != NULL ? result->reason : "");
    buf_puts(out, "      <failure");
    junit_attribute(out, "message", buf_text(&message));
    junit_attribute(out, "type",
                    first != NULL && first->clause != NULL ? first->clause->id : "HTTP");
    buf_putc(out, '>');
    buf_fini(&message);
}

/* Does the case describe a finding that no earlier case has? */
static bool is_first_of_any(const struct suite_run *run, const struct result *result)
{
    for (size_t i = 0; i < run->findings.count; i++) {
        if (run->findings.at[i].first == result)
            return true;
    }
    return false;
}

static void failure_write(struct buf *out, const struct suite_run *run, const struct result *result)
{
    failure_begin(out, result);
    if (result->reason != NULL) {
        junit_text(out, result->reason);
        buf_putc(out, '\n');
    }
    remarks_write(out, run, result, GRADE_WARNED, GRADE_BROKEN);
    if (result->repeat != NULL && is_first_of_any(run, result))
        junit_text(out, result->repeat);
    buf_puts(out, "</failure>\n");
}

/* Warnings and observations, unless the failure has them. */
static void system_out_write(struct buf *out, const struct suite_run *run,
                             const struct result *result)
{
    const enum grade most = is_failed(run, result) ? GRADE_OBSERVED : GRADE_BROKEN;

    if (!has_remarks(result, GRADE_OBSERVED, most))
        return;
    buf_puts(out, "      <system-out>");
    remarks_write(out, run, result, GRADE_OBSERVED, most);
    buf_puts(out, "</system-out>\n");
}

static void case_write(struct buf *out, const struct suite_run *run, const struct result *result)
{
    const struct test_case *test = result->test;
    const char *reason = result->reason != NULL ? result->reason : "";
    struct buf name, class_name;

    buf_init(&name, MESSAGE_BYTES_MAX);
    buf_init(&class_name, MESSAGE_BYTES_MAX);
    buf_printf(&name, "%s: %s", test->id, test->says);
    buf_printf(&class_name, "heymarket.%s", test->file->stem);
    junit_case_begin(out, buf_text(&class_name), buf_text(&name), result->time_ms);
    buf_fini(&name);
    buf_fini(&class_name);
    if (result->grade == GRADE_BROKEN)
        junit_element(out, "error", reason, "broken", NULL);
    else if (is_passed_over(result))
        junit_element(out, "skipped", reason, NULL, NULL);
    else if (is_failed(run, result))
        failure_write(out, run, result);
    system_out_write(out, run, result);
    junit_case_end(out);
}

static void property_write(struct buf *out, const char *name, const char *value)
{
    buf_puts(out, "      <property");
    junit_attribute(out, "name", name);
    junit_attribute(out, "value", value);
    buf_puts(out, "/>\n");
}

/* Is it the first result of its file? In a live run the cases of a file are not together. */
static bool is_first_of_file(const struct suite_run *run, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (run->results[i].test->file == run->results[index].test->file)
            return false;
    }
    return true;
}

static void suite_write(struct buf *out, const struct suite_run *run, const struct verdict *verdict,
                        const struct case_file *file)
{
    struct junit_figures figures = { 0 };

    for (size_t i = 0; i < run->result_count; i++) {
        if (run->results[i].test->file == file)
            figures_add(&figures, run, &run->results[i]);
    }
    junit_suite_begin(out, file->stem, &figures, run->started_s);
    if (run->catalog->from.dir != NULL) /* built-in files are in no folder */
        junit_attribute(out, "file", file->json.name);
    buf_puts(out, ">\n    <properties>\n");
    property_write(out, "clause", file->clause->id);
    property_write(out, "title", file->title);
    property_write(out, "target", run->target_text);
    property_write(out, "version", hm_version());
    if (*verdict->warning)
        property_write(out, "warning", verdict->warning);
    buf_puts(out, "    </properties>\n");
    for (size_t i = 0; i < run->result_count; i++) {
        if (run->results[i].test->file == file)
            case_write(out, run, &run->results[i]);
    }
    junit_suite_end(out);
}

/* A run that failed without a failed case would look good. */
static bool is_short_by_itself(const struct verdict *verdict, const struct junit_figures *figures)
{
    return verdict->exit_code != 0 && figures->failures + figures->errors == 0;
}

static void run_write(struct buf *out, const struct suite_run *run, const struct verdict *verdict)
{
    const struct junit_figures figures = { .tests = 1, .errors = 1, .time_ms = run->time_ms };

    junit_suite_begin(out, "run", &figures, run->started_s);
    buf_puts(out, ">\n");
    junit_case_begin(out, "heymarket.run", "the run as a whole", run->time_ms);
    junit_element(out, "error", *verdict->detail != '\0' ? verdict->detail : verdict->word,
                  verdict->word, NULL);
    junit_case_end(out);
    junit_suite_end(out);
}

void report_junit(struct buf *out, const struct suite_run *run, const struct verdict *verdict)
{
    struct junit_figures figures = { 0 };
    bool is_short;

    for (size_t i = 0; i < run->result_count; i++)
        figures_add(&figures, run, &run->results[i]);
    is_short = is_short_by_itself(verdict, &figures);
    figures.tests += is_short;
    figures.errors += is_short;
    figures.time_ms = run->time_ms;
    junit_begin(out, "heymarket-conformance", &figures);
    if (is_short)
        run_write(out, run, verdict);
    for (size_t i = 0; i < run->result_count; i++) {
        if (is_first_of_file(run, i))
            suite_write(out, run, verdict, run->results[i].test->file);
    }
    junit_end(out);
}
