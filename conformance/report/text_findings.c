#include "report/text_findings.h"
#include "judge/baseline.h"
#include "judge/findings.h"
#include "report/output.h"
#include "report/shown.h"
#include "support/text.h"
#include <stdint.h>
#include <string.h>

enum {
    FULL_MAX = 5,   /* findings that are shown in full */
    SHORT_MAX = 15, /* and in one line each */
    IDS_SHOWN_MAX = 4,
    VALUE_BYTES_MAX = 300, /* of an expected or actual value */
    LINE_VALUE_BYTES_MAX = 80
};

static const char *const names[GRADE_COUNT] = { [GRADE_WARNED] = "WARNED",
                                                [GRADE_KNOWN] = "KNOWN",
                                                [GRADE_FAILED] = "FAILED",
                                                [GRADE_BROKEN] = "BROKEN" };

/* At most @most bytes of a text, and "..." if there are more. */
static void print_cut(FILE *out, const char *text, size_t most)
{
    const size_t length = strlen(text);
    const size_t shown = length > most ? utf8_cut(text, most) : length;

    print_safe(out, text, shown);
    fputs(shown < length ? "..." : "", out);
}

static void print_row(FILE *out, const char *name, const char *text, size_t most)
{
    fprintf(out, "  %-9s ", name);
    print_cut(out, text, most);
    fputc('\n', out);
}

static void print_lines(FILE *out, const char *name, const char *text)
{
    size_t length;

    for (; text != NULL && *text; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        fprintf(out, "  %-9s ", name);
        print_safe(out, text, length);
        fputc('\n', out);
        name = "";
    }
}

/* "J5  S ", or "HTTP  " for a rule of HTTP. */
static void print_clause(FILE *out, const struct clause *clause, enum clause_source source)
{
    if (clause != NULL)
        fprintf(out, "  %-3s %c     ", clause->id, clause_source_letter(source));
    else
        fputs("  HTTP      ", out);
}

static void print_remark(FILE *out, const struct result *result, const struct remark *remark,
                         size_t most)
{
    const struct clause *clause = remark->clause;

    if (clause != NULL) {
        print_clause(out, clause, remark_source(remark));
        print_text(out, clause->sentence);
        fputs(remark_source(remark) == SOURCE_SECONDARY ? " (secondary)\n" : "\n", out);
    }
    if (result->test->step_count > 1)
        fprintf(out, "  step      %zu of %zu\n", remark->step + 1, result->test->step_count);
    print_row(out, "expected", remark->expected, most);
    print_row(out, "actual", remark->actual, most);
}

/* "FAILED J5-key-alone: the key alone as the secret" */
static void print_heading(FILE *out, enum grade grade, const struct result *result)
{
    fprintf(out, "\n%s %s: ", names[grade], result->test->id);
    print_text(out, result->test->says);
    fputc('\n', out);
}

/* How many cases, and the first few. */
static void print_cases(FILE *out, const struct suite_run *run, const struct finding *finding)
{
    size_t shown = 0;

    if (finding->count < 2)
        return;
    fprintf(out, "  cases     %zu", finding->count);
    for (const struct result *result = finding->first; shown < IDS_SHOWN_MAX; result++) {
        if (finding_has(finding, result))
            fprintf(out, "%s%s", shown++ > 0 ? ", " : ": ", result->test->id);
        if (result == run->results + run->result_count - 1)
            break;
    }
    fputs(finding->count > shown ? ", ...\n" : "\n", out);
}

/* Has an earlier finding shown the commands of this one's first case? */
static const struct finding *shown_with(const struct findings *findings,
                                        const struct finding *finding)
{
    for (const struct finding *other = findings->at; other < finding; other++) {
        if (other->first == finding->first)
            return other;
    }
    return NULL;
}

static void print_full(FILE *out, const struct suite_run *run, const struct finding *finding)
{
    const struct result *first = finding->first;

    print_heading(out, finding->grade, first);
    if (finding->remark != NULL)
        print_remark(out, first, finding->remark, VALUE_BYTES_MAX);
    else if (first->reason != NULL)
        print_lines(out, "reason", first->reason);
    print_cases(out, run, finding);
    if (finding->remark == NULL)
        return;
    if (shown_with(&run->findings, finding) != NULL)
        print_row(out, "repeat", "as above", SIZE_MAX);
    else
        print_lines(out, "repeat", first->repeat);
}

/* "  J6  S     FAILED in 17 cases, first J6-301: expected status 401, actual status 200" */
static void print_short(FILE *out, const struct finding *finding)
{
    const struct remark *remark = finding->remark;
    size_t length;

    print_clause(out, finding->clause, finding->source);
    fprintf(out, "%s", names[finding->grade]);
    if (finding->count > 1)
        fprintf(out, " in %zu cases, first", finding->count);
    fprintf(out, " %s: ", finding->first->test->id);
    if (remark == NULL) {
        print_text(out, finding->first->reason);
    } else if (remark->known != NULL) {
        print_text(out, remark->known->reason);
        fprintf(out, " (until %s)", remark->known->until);
    } else {
        fputs("expected ", out);
        print_cut(out, remark->expected, LINE_VALUE_BYTES_MAX);
        fputs(", actual ", out);
        length = seen_length(remark->actual, LINE_VALUE_BYTES_MAX);
        print_safe(out, remark->actual, length);
        fputs(seen_end(remark->actual, length), out);
    }
    fputc('\n', out);
}

static void print_some(FILE *out, const struct suite_run *run)
{
    const struct findings *findings = &run->findings;
    size_t i = 0;

    for (; i < findings->count && i < FULL_MAX && findings->at[i].grade != GRADE_KNOWN; i++)
        print_full(out, run, &findings->at[i]);
    if (i < findings->count)
        fputs(i > 0 ? "\nMore findings:\n" : "\n", out);
    for (size_t shown = 0; i < findings->count && shown < SHORT_MAX; i++, shown++)
        print_short(out, &findings->at[i]);
    if (i < findings->count)
        fprintf(out, "  ... and %zu more; --verbose shows all\n", findings->count - i);
}

static void print_case(FILE *out, const struct result *result)
{
    print_heading(out, result->grade, result);
    if (result->reason != NULL)
        print_lines(out, "reason", result->reason);
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].grade >= GRADE_WARNED)
            print_remark(out, result, &result->remarks[i], SIZE_MAX);
    }
    print_lines(out, "repeat", result->repeat);
}

/* The most serious first: by the most serious finding of each case. */
static void print_all(FILE *out, const struct suite_run *run)
{
    const struct findings *findings = &run->findings;

    for (size_t i = 0; i < findings->count; i++) {
        for (size_t j = 0; j < run->result_count; j++) {
            const struct result *result = &run->results[j];

            if (finding_gravest(result) == findings->at[i].number)
                print_case(out, result);
        }
    }
    fputs(findings->count > 0 ? "\nFindings:\n" : "", out);
    for (size_t i = 0; i < findings->count; i++)
        print_short(out, &findings->at[i]);
}

void text_findings(FILE *out, const struct suite_run *run)
{
    if (run->options.is_verbose)
        print_all(out, run);
    else
        print_some(out, run);
}
