#include "certify/certify_report.h"
#include "report/junit.h"
#include "support/buf.h"
#include "support/options.h"
#include "support/report_dir.h"
#include "support/text.h"
#include "support/try.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 8192, NAME_COLUMNS = 16, JSON_BYTES_MAX = 1024 * 1024 };

static const char *const result_words[] = { "passed", "not seen", "warned", "FAILED" };
static const char *const result_names[] = { "passed", "not_seen", "warned", "failed" };

static const char *row_name(const struct certify_row *row)
{
    return row->scenario != NULL ? row->scenario->name : "keeps-secrets";
}

static const char *row_title(const struct certify_row *row)
{
    return row->scenario != NULL ? row->scenario->title : "It prints neither a key nor a token";
}

static const char *row_clause(const struct certify_row *row)
{
    return row->scenario != NULL ? row->scenario->clause : "";
}

static size_t count_of(const struct certify_report *report, enum certify_result result)
{
    size_t count = 0;

    for (size_t i = 0; i < report->row_count; i++)
        count += report->rows[i].verdict.result == result;
    return count;
}

static void print_verdict_line(const char *before, const struct certify_report *report)
{
    printf("%s%s: %zu passed, %zu warned, %zu failed, %zu not seen\n", before,
           report->exit_code == EXIT_GOOD ? "good" : "fell short", count_of(report, CERTIFY_PASSED),
           count_of(report, CERTIFY_WARNED), count_of(report, CERTIFY_FAILED),
           count_of(report, CERTIFY_UNSEEN));
}

static void print_escaped(const char *text)
{
    struct buf safe;

    buf_init(&safe, LINE_BYTES_MAX);
    escape_terminal(&safe, text, strlen(text));
    printf("%s", buf_text(&safe));
    buf_fini(&safe);
}

static void print_text(const struct certify_report *report)
{
    for (size_t i = 0; i < report->row_count; i++) {
        const struct certify_row *row = &report->rows[i];

        printf("%-*s %-4s %-8s  ", NAME_COLUMNS, row_name(row), row_clause(row),
               result_words[row->verdict.result]);
        print_escaped(row->verdict.says);
        printf("\n");
        if (row->verdict.result >= CERTIFY_WARNED)
            printf("%*s asked: %s\n", NAME_COLUMNS, "", row_title(row));
    }
    print_verdict_line("\n", report);
}

static void print_tap(const struct certify_report *report)
{
    printf("TAP version 14\n1..%zu\n", report->row_count);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct certify_row *row = &report->rows[i];

        printf("%s %zu - %s: %s%s\n", row->verdict.result == CERTIFY_FAILED ? "not ok" : "ok",
               i + 1, row_name(row), row_title(row),
               row->verdict.result == CERTIFY_UNSEEN ? " # SKIP not seen" : "");
        if (row->verdict.result == CERTIFY_PASSED)
            continue;
        printf("  ---\n  clause: \"%s\"\n  result: %s\n  message: |\n    ", row_clause(row),
               result_names[row->verdict.result]);
        print_escaped(row->verdict.says);
        printf("\n  ...\n");
    }
    print_verdict_line("# ", report);
}

static json_t *rows_json(const struct certify_report *report)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < report->row_count && rows != NULL; i++) {
        const struct certify_row *row = &report->rows[i];
        json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "scenario", row_name(row),
                                   "clause", row_clause(row), "title", row_title(row), "result",
                                   result_names[row->verdict.result], "says", row->verdict.says,
                                   "requests", (json_int_t)row->requests);

        if (json_array_append_new(rows, object) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    return rows;
}

static json_t *command_json(const struct certify_report *report)
{
    json_t *command = json_array();

    for (size_t i = 0; report->argv[i] != NULL && command != NULL; i++) {
        json_t *word = json_string(report->argv[i]); /* NULL where it is not UTF-8 */

        if (json_array_append_new(command, word != NULL ? word : json_string("?")) != 0) {
            json_decref(command);
            command = NULL;
        }
    }
    return command;
}

static void write_json(struct buf *out, const struct certify_report *report)
{
    json_t *root = json_pack("{s:i, s:o, s:s, s:o}", "v", 1, "command", command_json(report),
                             "verdict", report->exit_code == EXIT_GOOD ? "good" : "refused",
                             "scenarios", rows_json(report));
    char *text = root != NULL ? json_dumps(root, JSON_COMPACT) : NULL;

    json_decref(root);
    if (text != NULL)
        buf_printf(out, "%s\n", text);
    else
        out->status = BUF_NO_MEMORY;
    free(text);
}

static bool print_json(const struct certify_report *report)
{
    struct buf text;

    buf_init(&text, JSON_BYTES_MAX);
    write_json(&text, report);
    bool is_whole = buf_ok(&text);
    if (is_whole)
        printf("%s", buf_text(&text));
    buf_fini(&text);
    return is_whole;
}

bool certify_print(const struct certify_report *report, enum certify_format format)
{
    switch (format) {
    case CERTIFY_TEXT:
        print_text(report);
        break;
    case CERTIFY_TAP:
        print_tap(report);
        break;
    case CERTIFY_JSON:
        return print_json(report);
    }
    return true;
}

enum { REPORT_BYTES_MAX = 1024 * 1024, NAME_BYTES_MAX = 512 };

static const char results_name[] = "results.json";
static const char junit_name[] = "junit.xml";

static bool is_failed(const struct certify_report *report, const struct certify_row *row)
{
    return row->verdict.result == CERTIFY_FAILED ||
           (row->verdict.result == CERTIFY_WARNED && report->is_strict);
}

static void row_write(struct buf *out, const struct certify_report *report,
                      const struct certify_row *row)
{
    struct buf name;

    buf_init(&name, NAME_BYTES_MAX);
    buf_printf(&name, "%s: %s", row_name(row), row_title(row));
    buf_puts(out, "    <testcase");
    junit_attribute(out, "name", buf_text(&name));
    junit_attribute(out, "classname", "heymarket.client");
    junit_time(out, row->time_ms);
    buf_puts(out, ">\n");
    buf_fini(&name);
    if (is_failed(report, row)) {
        junit_element(out, "failure", row->verdict.says, row_clause(row));
    } else if (row->verdict.result == CERTIFY_UNSEEN) {
        junit_element(out, "skipped", row->verdict.says, NULL);
    } else if (row->verdict.result == CERTIFY_WARNED) {
        buf_puts(out, "      <system-out>");
        junit_text(out, row->verdict.says);
        buf_puts(out, "</system-out>\n");
    }
    buf_puts(out, "    </testcase>\n");
}

static void write_junit(struct buf *out, const struct certify_report *report)
{
    struct junit_figures figures = { .tests = report->row_count };

    for (size_t i = 0; i < report->row_count; i++) {
        figures.failures += is_failed(report, &report->rows[i]);
        figures.skipped += report->rows[i].verdict.result == CERTIFY_UNSEEN;
        figures.time_ms += report->rows[i].time_ms;
    }
    junit_begin(out, "heymarket-conformance client", &figures);
    buf_puts(out, "  <testsuite name=\"client\"");
    junit_figures_write(out, &figures);
    buf_printf(out, " skipped=\"%zu\"", figures.skipped);
    junit_timestamp(out, report->started_s);
    buf_puts(out, ">\n");
    for (size_t i = 0; i < report->row_count; i++)
        row_write(out, report, &report->rows[i]);
    buf_puts(out, "  </testsuite>\n</testsuites>\n");
}

enum hm_code certify_reports_prepare(const char *dir, struct hm_error *err)
{
    enum hm_code code;

    TRY(report_dir_claim(dir, err));
    TRY(report_dir_remove(dir, results_name, err));
    TRY(report_dir_remove(dir, junit_name, err));
out:
    return code;
}

static enum hm_code report_write(const char *dir, const char *name,
                                 void (*report_fn)(struct buf *out,
                                                   const struct certify_report *report),
                                 const struct certify_report *report, struct hm_error *err)
{
    struct buf text;

    buf_init(&text, REPORT_BYTES_MAX);
    report_fn(&text, report);
    enum hm_code code = buf_ok(&text)
                            ? report_dir_write(dir, name, buf_text(&text), text.length, err)
                            : hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", name);
    buf_fini(&text);
    return code;
}

enum hm_code certify_reports_write(const char *dir, const struct certify_report *report,
                                   struct hm_error *err)
{
    enum hm_code code;
    struct hm_error why;

    TRY(report_write(dir, junit_name, write_junit, report, &why));
    TRY(report_write(dir, results_name, write_json, report, &why));
out:
    if (code == HM_BAD_INPUT) /* nothing that was put in: the directory was fine before the run */
        code = HM_INTERNAL;
    return code == HM_OK ? HM_OK : hm_error_set(err, code, "%s", why.text);
}
