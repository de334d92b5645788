#include "buf.h"
#include "report.h"
#include "text.h"
#include <heymarket/error.h>
#include <string.h>

enum { MS_IN_S = 1000, MESSAGE_BYTES_MAX = 16 * 1024 };

/* The figures that a suite is headed by, and, but for the skipped ones, all of them. Nothing is
 * written that the strictest schema of a viewer (xunit-plugin's junit-10.xsd) does not know. */
struct figures {
    size_t tests;
    size_t failures;
    size_t errors;
    size_t skipped;
    int64_t time_ms;
};

static void text(struct buf *out, const char *words)
{
    escape_xml(out, words, strlen(words));
}

static void attribute(struct buf *out, const char *name, const char *words)
{
    buf_printf(out, " %s=\"", name);
    text(out, words);
    buf_putc(out, '"');
}

static void figures_write(struct buf *out, const struct figures *figures)
{
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.3f\"", figures->tests,
               figures->failures, figures->errors, (double)figures->time_ms / MS_IN_S);
}

static bool is_failed(const struct run *run, const struct result *result)
{
    return result->rung == RUNG_FAILED || (result->rung == RUNG_WARNED && run->options.is_strict);
}

/* Not judged, or not to be minded: what a viewer shows as skipped. */
static bool is_passed_over(const struct result *result)
{
    return result->rung == RUNG_SKIPPED || result->rung == RUNG_KNOWN;
}

static void figures_add(struct figures *figures, const struct run *run, const struct result *result)
{
    figures->tests++;
    figures->failures += is_failed(run, result);
    figures->errors += result->rung == RUNG_BROKEN;
    figures->skipped += is_passed_over(result);
    figures->time_ms += result->time_ms;
}

static void remark_write(struct buf *out, const struct remark *remark, const struct result *result)
{
    const struct clause *clause = remark->clause;

    if (clause) {
        buf_printf(out, "%s %c ", clause->id, clause_source_letter(clause->source));
        text(out, clause->sentence);
        buf_puts(out, clause->source == SOURCE_SECONDARY ? " (secondary)\n" : "\n");
    }
    if (result->test->step_count > 1)
        buf_printf(out, "step     %zu of %zu\n", remark->step + 1, result->test->step_count);
    buf_puts(out, "expected ");
    text(out, remark->expected);
    buf_puts(out, "\nactual   ");
    text(out, remark->actual);
    buf_putc(out, '\n');
}

/* All remarks of the rungs from @least to @most. */
static void remarks_write(struct buf *out, const struct result *result, enum rung least,
                          enum rung most)
{
    size_t i;

    for (i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].rung >= least && result->remarks[i].rung <= most)
            remark_write(out, &result->remarks[i], result);
    }
}

static bool has_remarks(const struct result *result, enum rung least, enum rung most)
{
    size_t i;

    for (i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].rung >= least && result->remarks[i].rung <= most)
            return true;
    }
    return false;
}

/* One line that says what is wrong, and its type: the clause. */
static void failure_begin(struct buf *out, const struct result *result)
{
    const enum rung least = result->rung == RUNG_FAILED ? RUNG_FAILED : RUNG_WARNED;
    const struct remark *first = NULL;
    struct buf message;
    size_t i;

    for (i = 0; i < result->remark_count && !first; i++) {
        if (result->remarks[i].rung >= least)
            first = &result->remarks[i];
    }
    buf_init(&message, MESSAGE_BYTES_MAX);
    if (first)
        buf_printf(&message, "%s: expected %s, actual %s",
                   first->clause ? first->clause->id : "HTTP", first->expected, first->actual);
    else
        buf_puts(&message, result->reason ? result->reason : "");
    buf_puts(out, "      <failure");
    attribute(out, "message", buf_text(&message));
    attribute(out, "type", first && first->clause ? first->clause->id : "HTTP");
    buf_putc(out, '>');
    buf_fini(&message);
}

static void failure_write(struct buf *out, const struct result *result)
{
    failure_begin(out, result);
    if (result->reason) {
        text(out, result->reason);
        buf_putc(out, '\n');
    }
    remarks_write(out, result, RUNG_WARNED, RUNG_BROKEN);
    if (result->repeat)
        text(out, result->repeat);
    buf_puts(out, "</failure>\n");
}

static void element_with_message(struct buf *out, const char *name, const char *message,
                                 const char *type)
{
    buf_printf(out, "      <%s", name);
    attribute(out, "message", message);
    if (type)
        attribute(out, "type", type);
    buf_puts(out, "/>\n");
}

/* What no failure says: warnings, and what was observed. */
static void system_out_write(struct buf *out, const struct run *run, const struct result *result)
{
    const enum rung most = is_failed(run, result) ? RUNG_OBSERVED : RUNG_BROKEN;

    if (!has_remarks(result, RUNG_OBSERVED, most))
        return;
    buf_puts(out, "      <system-out>");
    remarks_write(out, result, RUNG_OBSERVED, most);
    buf_puts(out, "</system-out>\n");
}

static void case_write(struct buf *out, const struct run *run, const struct result *result)
{
    const struct test_case *test = result->test;
    const char *reason = result->reason ? result->reason : "";
    struct buf name;

    buf_init(&name, MESSAGE_BYTES_MAX);
    buf_printf(&name, "%s: %s", test->id, test->says);
    buf_puts(out, "    <testcase");
    attribute(out, "name", buf_text(&name));
    buf_clear(&name);
    buf_printf(&name, "heymarket.%s", test->file->stem);
    attribute(out, "classname", buf_text(&name));
    buf_printf(out, " time=\"%.3f\">\n", (double)result->time_ms / MS_IN_S);
    buf_fini(&name);
    if (result->rung == RUNG_BROKEN)
        element_with_message(out, "error", reason, "broken");
    else if (is_passed_over(result))
        element_with_message(out, "skipped", reason, NULL);
    else if (is_failed(run, result))
        failure_write(out, result);
    system_out_write(out, run, result);
    buf_puts(out, "    </testcase>\n");
}

static void property_write(struct buf *out, const char *name, const char *value)
{
    buf_puts(out, "      <property");
    attribute(out, "name", name);
    attribute(out, "value", value);
    buf_puts(out, "/>\n");
}

/* RFC 3339 in UTC but without its Z, which the schemas of some viewers refuse. */
static void timestamp_write(struct buf *out, const struct run *run)
{
    struct buf time;

    buf_init(&time, MESSAGE_BYTES_MAX);
    append_utc(&time, run->started_s);
    buf_printf(out, " timestamp=\"%.19s\"", buf_text(&time));
    buf_fini(&time);
}

/* Is it the first result of its file? A live run may not have a file's cases together. */
static bool is_first_of_file(const struct run *run, size_t index)
{
    size_t i;

    for (i = 0; i < index; i++) {
        if (run->results[i].test->file == run->results[index].test->file)
            return false;
    }
    return true;
}

/* The cases of one file. */
static void suite_write(struct buf *out, const struct run *run, const struct case_file *file)
{
    struct figures figures = { 0 };
    size_t i;

    for (i = 0; i < run->result_count; i++) {
        if (run->results[i].test->file == file)
            figures_add(&figures, run, &run->results[i]);
    }
    buf_puts(out, "  <testsuite");
    attribute(out, "name", file->stem);
    figures_write(out, &figures);
    buf_printf(out, " skipped=\"%zu\"", figures.skipped);
    timestamp_write(out, run);
    if (run->catalog->from.dir) /* else it is in no folder that a viewer could show */
        attribute(out, "file", file->json.name);
    buf_puts(out, ">\n    <properties>\n");
    property_write(out, "clause", file->clause->id);
    property_write(out, "title", file->title);
    property_write(out, "target", run->target_text);
    property_write(out, "version", hm_version());
    buf_puts(out, "    </properties>\n");
    for (i = 0; i < run->result_count; i++) {
        if (run->results[i].test->file == file)
            case_write(out, run, &run->results[i]);
    }
    buf_puts(out, "  </testsuite>\n");
}

/* A run that falls short without a case that does would look good: it was refused, or stopped. */
static bool is_short_by_itself(const struct verdict *verdict, const struct figures *figures)
{
    return verdict->exit_code != 0 && figures->failures + figures->errors == 0;
}

static void run_write(struct buf *out, const struct run *run, const struct verdict *verdict)
{
    const struct figures figures = { .tests = 1, .errors = 1, .time_ms = run->time_ms };

    buf_puts(out, "  <testsuite name=\"run\"");
    figures_write(out, &figures);
    timestamp_write(out, run);
    buf_printf(out,
               ">\n    <testcase name=\"the run as a whole\" classname=\"heymarket.run\" "
               "time=\"%.3f\">\n",
               (double)run->time_ms / MS_IN_S);
    element_with_message(out, "error", *verdict->detail ? verdict->detail : verdict->word,
                         verdict->word);
    buf_puts(out, "    </testcase>\n  </testsuite>\n");
}

void report_junit(struct buf *out, const struct run *run, const struct verdict *verdict)
{
    struct figures figures = { 0 };
    bool is_short;
    size_t i;

    for (i = 0; i < run->result_count; i++)
        figures_add(&figures, run, &run->results[i]);
    is_short = is_short_by_itself(verdict, &figures);
    figures.tests += is_short;
    figures.errors += is_short;
    figures.time_ms = run->time_ms;
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuites name=\"heymarket-conformance\"");
    figures_write(out, &figures);
    buf_puts(out, ">\n");
    if (is_short)
        run_write(out, run, verdict);
    for (i = 0; i < run->result_count; i++) {
        if (is_first_of_file(run, i))
            suite_write(out, run, run->results[i].test->file);
    }
    buf_puts(out, "</testsuites>\n");
}
