#include "certify/certify_report.h"
#include "support/buf.h"
#include "support/escape.h"
#include "support/json_text.h"
#include "support/junit.h"
#include "support/options.h"
#include "support/report_dir.h"
#include "support/spawn.h"
#include "support/tap.h"
#include "support/try.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_COLUMNS = 16 };

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
    const char *verdict = report->exit_code == EXIT_GOOD        ? "good"
                          : report->exit_code > SPAWN_BY_SIGNAL ? "interrupted"
                                                                : "failed";

    printf("%s%s: %zu passed, %zu warned, %zu failed, %zu not seen\n", before, verdict,
           count_of(report, CERTIFY_PASSED), count_of(report, CERTIFY_WARNED),
           count_of(report, CERTIFY_FAILED), count_of(report, CERTIFY_UNSEEN));
}

static void print_rows(const struct certify_report *report)
{
    for (size_t i = 0; i < report->row_count; i++) {
        const struct certify_row *row = &report->rows[i];

        printf("%-*s %-4s %-8s  ", NAME_COLUMNS, row_name(row), row_clause(row),
               result_words[row->verdict.result]);
        print_text(stdout, row->verdict.says);
        printf("\n");
        if (row->verdict.result >= CERTIFY_WARNED)
            printf("%*s expected: %s\n", NAME_COLUMNS, "", row_title(row));
    }
    print_verdict_line("\n", report);
}

static void print_tap(const struct certify_report *report)
{
    tap_begin(stdout, report->row_count);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct certify_row *row = &report->rows[i];

        tap_point(stdout, i + 1, row->verdict.result != CERTIFY_FAILED,
                  row->verdict.result == CERTIFY_UNSEEN ? "SKIP" : NULL, "not seen", "%s: %s",
                  row_name(row), row_title(row));
        if (row->verdict.result == CERTIFY_PASSED)
            continue;
        printf("  ---\n  clause: \"%s\"\n  result: %s\n", row_clause(row),
               result_names[row->verdict.result]);
        tap_block(stdout, "  ", "message", row->verdict.says);
        printf("  ...\n");
    }
    print_verdict_line("# ", report);
}

static json_t *document_make(const struct certify_report *report)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < report->row_count; i++) {
        const struct certify_row *row = &report->rows[i];

        rows = json_list_add(rows,
                             json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "scenario", row_name(row),
                                       "clause", row_clause(row), "title", row_title(row), "result",
                                       result_names[row->verdict.result], "says", row->verdict.says,
                                       "requests", (json_int_t)row->requests));
    }
    return json_pack("{s:i, s:o, s:s, s:o}", "v", 1, "command", json_words(report->argv), "verdict",
                     report->exit_code == EXIT_GOOD ? "good" : "refused", "scenarios", rows);
}

static void write_json(struct buf *out, const struct certify_report *report)
{
    json_t *root = document_make(report);

    json_text_tree(out, root, JSON_COMPACT);
    buf_putc(out, '\n');
    json_decref(root);
}

bool certify_print(const struct certify_report *report, enum report_format format)
{
    if (format == REPORT_JSON)
        return json_print(document_make(report));
    if (format == REPORT_TAP)
        print_tap(report);
    else
        print_rows(report);
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
    junit_case_begin(out, "heymarket.client", buf_text(&name), row->time_ms);
    buf_fini(&name);
    if (is_failed(report, row)) {
        junit_element(out, "failure", row->verdict.says, row_clause(row), NULL);
    } else if (row->verdict.result == CERTIFY_UNSEEN) {
        junit_element(out, "skipped", row->verdict.says, NULL, NULL);
    } else if (row->verdict.result == CERTIFY_WARNED) {
        buf_puts(out, "      <system-out>");
        junit_text(out, row->verdict.says);
        buf_puts(out, "</system-out>\n");
    }
    junit_case_end(out);
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
    junit_suite_begin(out, "client", &figures, report->started_s);
    buf_puts(out, ">\n");
    for (size_t i = 0; i < report->row_count; i++)
        row_write(out, report, &report->rows[i]);
    junit_suite_end(out);
    junit_end(out);
}

enum hm_code certify_reports_prepare(const struct report_place *place, struct hm_error *err)
{
    static const char *const names[] = { results_name, junit_name, NULL };

    return report_dir_claim(place, names, err);
}

enum hm_code certify_reports_write(const struct report_place *place,
                                   const struct certify_report *report, struct hm_error *err)
{
    enum hm_code code;
    struct buf text;

    buf_init(&text, REPORT_BYTES_MAX);
    write_junit(&text, report);
    TRY(report_dir_write(place, junit_name, &text, err));
    buf_clear(&text);
    write_json(&text, report);
    TRY(report_dir_write(place, results_name, &text, err));
out:
    buf_fini(&text);
    return code;
}
