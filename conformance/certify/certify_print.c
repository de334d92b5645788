#include "certify/certify.h"

#include "support/buf.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 8192, NAME_COLUMNS = 16, JSON_BYTES_MAX = 1024 * 1024 };

static const char *const result_words[] = { "passed", "not seen", "warned", "FAILED" };
static const char *const result_names[] = { "passed", "not_seen", "warned", "failed" };

const char *certify_row_name(const struct certify_row *row)
{
    return row->scenario ? row->scenario->name : "keeps-secrets";
}

const char *certify_row_title(const struct certify_row *row)
{
    return row->scenario ? row->scenario->title : "It prints neither a key nor a token";
}

const char *certify_row_clause(const struct certify_row *row)
{
    return row->scenario ? row->scenario->clause : "";
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

        printf("%-*s %-4s %-8s  ", NAME_COLUMNS, certify_row_name(row), certify_row_clause(row),
               result_words[row->verdict.result]);
        print_escaped(row->verdict.says);
        printf("\n");
        if (row->verdict.result >= CERTIFY_WARNED)
            printf("%*s asked: %s\n", NAME_COLUMNS, "", certify_row_title(row));
    }
    print_verdict_line("\n", report);
}

static void print_tap(const struct certify_report *report)
{
    printf("TAP version 14\n1..%zu\n", report->row_count);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct certify_row *row = &report->rows[i];

        printf("%s %zu - %s: %s%s\n", row->verdict.result == CERTIFY_FAILED ? "not ok" : "ok",
               i + 1, certify_row_name(row), certify_row_title(row),
               row->verdict.result == CERTIFY_UNSEEN ? " # SKIP not seen" : "");
        if (row->verdict.result == CERTIFY_PASSED)
            continue;
        printf("  ---\n  clause: \"%s\"\n  result: %s\n  message: |\n    ", certify_row_clause(row),
               result_names[row->verdict.result]);
        print_escaped(row->verdict.says);
        printf("\n  ...\n");
    }
    print_verdict_line("# ", report);
}

static json_t *rows_json(const struct certify_report *report)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < report->row_count && rows; i++) {
        const struct certify_row *row = &report->rows[i];
        json_t *object =
            json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "scenario", certify_row_name(row), "clause",
                      certify_row_clause(row), "title", certify_row_title(row), "result",
                      result_names[row->verdict.result], "says", row->verdict.says, "requests",
                      (json_int_t)row->requests);

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

    for (size_t i = 0; report->argv[i] && command; i++) {
        json_t *word = json_string(report->argv[i]); /* NULL where it is not UTF-8 */

        if (json_array_append_new(command, word ? word : json_string("?")) != 0) {
            json_decref(command);
            command = NULL;
        }
    }
    return command;
}

void certify_json(struct buf *out, const struct certify_report *report)
{
    json_t *root = json_pack("{s:i, s:o, s:s, s:o}", "v", 1, "command", command_json(report),
                             "verdict", report->exit_code == EXIT_GOOD ? "good" : "refused",
                             "scenarios", rows_json(report));
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;

    json_decref(root);
    if (text)
        buf_printf(out, "%s\n", text);
    else
        out->status = BUF_NO_MEMORY;
    free(text);
}

static bool print_json(const struct certify_report *report)
{
    struct buf text;
    bool is_whole;

    buf_init(&text, JSON_BYTES_MAX);
    certify_json(&text, report);
    is_whole = buf_ok(&text);
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
