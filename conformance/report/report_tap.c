#include "report/report_tap.h"
#include "support/buf.h"
#include "support/text.h"
#include <string.h>

enum { LINE_BYTES_MAX = 512 * 1024 };

/* "  key: 'text'", a YAML single-quoted scalar on one line. */
static void print_scalar(FILE *out, const char *indent, const char *key, const char *text)
{
    struct buf safe;
    const char *c;

    buf_init(&safe, LINE_BYTES_MAX);
    escape_terminal(&safe, text, strlen(text));
    (void)fprintf(out, "%s%s: '", indent, key);
    for (c = buf_text(&safe); *c; c++) {
        if (*c == '\'')
            (void)fputc('\'', out);
        (void)fputc(*c, out);
    }
    (void)fputs("'\n", out);
    buf_fini(&safe);
}

static void print_remark(FILE *out, const struct remark *remark)
{
    (void)fprintf(out, "    - result: %s\n", grade_name(remark->grade));
    if (remark->clause) {
        (void)fprintf(out, "      clause: %s\n      source: %c\n", remark->clause->id,
                      clause_source_letter(remark->clause->source));
        print_scalar(out, "      ", "sentence", remark->clause->sentence);
    }
    (void)fprintf(out, "      step: %zu\n", remark->step + 1);
    print_scalar(out, "      ", "expected", remark->expected);
    print_scalar(out, "      ", "actual", remark->actual);
}

static void print_repeat(FILE *out, const char *repeat)
{
    struct buf safe;
    size_t length;

    (void)fputs("  repeat: |\n", out);
    for (; *repeat; repeat += length + (repeat[length] == '\n')) {
        length = strcspn(repeat, "\n");
        buf_init(&safe, LINE_BYTES_MAX);
        escape_terminal(&safe, repeat, length);
        (void)fprintf(out, "    %s\n", buf_text(&safe));
        buf_fini(&safe);
    }
}

static void print_diagnostics(FILE *out, const struct result *result)
{
    (void)fprintf(out, "  ---\n  result: %s\n", grade_name(result->grade));
    if (result->reason)
        print_scalar(out, "  ", "reason", result->reason);
    if (result->remark_count > 0)
        (void)fputs("  remarks:\n", out);
    for (size_t i = 0; i < result->remark_count; i++)
        print_remark(out, &result->remarks[i]);
    if (result->repeat)
        print_repeat(out, result->repeat);
    (void)fputs("  ...\n", out);
}

static void print_point(FILE *out, const struct result *result, size_t number, bool is_strict)
{
    const bool is_known = result->grade == GRADE_KNOWN;
    const bool is_ok =
        result->grade < GRADE_WARNED || (result->grade == GRADE_WARNED && !is_strict);
    struct buf text;

    buf_init(&text, LINE_BYTES_MAX);
    escape_tap(&text, result->test->says, strlen(result->test->says));
    (void)fprintf(out, "%s %zu - %s %s", is_ok ? "ok" : "not ok", number, result->test->id,
                  buf_text(&text));
    buf_clear(&text);
    if (result->grade == GRADE_SKIPPED || is_known) {
        if (result->reason)
            escape_tap(&text, result->reason, strlen(result->reason));
        (void)fprintf(out, " # %s %s", is_known ? "todo" : "SKIP", buf_text(&text));
    }
    (void)fputc('\n', out);
    if (result->grade != GRADE_SKIPPED && result->grade != GRADE_PASSED)
        print_diagnostics(out, result);
    buf_fini(&text);
}

static void print_line(FILE *out, const char *name, const char *text)
{
    struct buf safe;

    buf_init(&safe, LINE_BYTES_MAX);
    escape_terminal(&safe, text, strlen(text));
    (void)fprintf(out, "%s%s\n", name, buf_text(&safe));
    buf_fini(&safe);
}

static void print_verdict(FILE *out, const struct verdict *verdict)
{
    (void)fprintf(out, "# verdict: %s", verdict->word);
    print_line(out, *verdict->detail ? ": " : "", verdict->detail);
}

void report_tap(FILE *out, const struct suite_run *run, const struct verdict *verdict)
{
    (void)fprintf(out, "TAP version 14\n1..%zu\n", run->result_count);
    print_line(out, "# target: ", run->target_text);
    for (size_t i = 0; i < run->result_count; i++)
        print_point(out, &run->results[i], i + 1, run->options.is_strict);
    print_verdict(out, verdict);
    if (run->stop != STOP_NONE)
        print_line(out, "Bail out! ", run->stop_text);
}
