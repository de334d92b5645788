#include "report/report_html.h"
#include "report/matrix.h"
#include "report/page_finding.h"
#include "report/page_target.h"
#include "report/shown.h"
#include "support/page.h"
#include "support/text.h"

enum { LINE_BYTES_MAX = 64 * 1024 };

static enum page_tone verdict_tone(const struct verdict *verdict)
{
    if (verdict->exit_code != 0)
        return PAGE_BAD;
    return *verdict->warning || verdict->grades[GRADE_WARNED] + verdict->grades[GRADE_KNOWN] > 0
               ? PAGE_WARN
               : PAGE_GOOD;
}

/* Failures by the source of the clause. */
static void sources_write(struct buf *out, const struct verdict *verdict)
{
    static const char *const words[SOURCE_COUNT] = {
        "by a statement of the endpoint's own page (S)",
        "by another page of the documentation (D, secondary)",
        "by a choice of our mock (A)",
    };
    const char *comma = "Failed: ";
    struct buf text;

    buf_init(&text, LINE_BYTES_MAX);
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        if (verdict->failed_by_source[i] == 0)
            continue;
        buf_printf(&text, "%s%zu %s", comma, verdict->failed_by_source[i], words[i]);
        comma = ", ";
    }
    if (text.length > 0) {
        buf_putc(&text, '.');
        page_note(out, buf_text(&text));
    }
    buf_fini(&text);
}

static void summary_write(struct buf *out, const struct suite_run *run,
                          const struct verdict *verdict)
{
    static const enum grade shown[] = { GRADE_FAILED, GRADE_BROKEN,   GRADE_KNOWN,  GRADE_WARNED,
                                        GRADE_PASSED, GRADE_OBSERVED, GRADE_SKIPPED };

    page_banner(out, verdict_tone(verdict), verdict->word,
                *verdict->detail ? verdict->detail : "Every checked case passed.");
    if (*verdict->warning)
        page_paragraph(out, verdict->warning);
    page_figures_begin(out);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const enum grade grade = shown[i];
        const size_t count = verdict->grades[grade];

        if (count > 0 || grade == GRADE_FAILED || grade == GRADE_PASSED)
            page_figure(out, count > 0 ? page_grade_tone(grade) : PAGE_NEUTRAL, count,
                        grade_name(grade));
    }
    page_figures_end(out);
    sources_write(out, verdict);
    if (run->traffic.accepted > 0 && !run->is_ours) {
        struct buf text;

        buf_init(&text, LINE_BYTES_MAX);
        buf_printf(&text,
                   "Writes that the target accepted: %zu; their e-mail channels are named "
                   "hm-%s-N@example.com.",
                   run->traffic.accepted, run->marks.run);
        page_note(out, buf_text(&text));
        buf_fini(&text);
    }
}

/* The findings of one grade. */
static void findings_write(struct buf *out, const struct suite_run *run, enum grade grade,
                           const char *id, const char *heading)
{
    bool is_begun = false;

    for (size_t i = 0; i < run->findings.count; i++) {
        if (run->findings.at[i].grade != grade)
            continue;
        if (!is_begun)
            page_section_begin(out, id, heading);
        is_begun = true;
        page_finding_write(out, run, &run->findings.at[i]);
    }
    if (is_begun)
        page_section_end(out);
}

/* The most serious finding of a clause; NULL: none. */
static const struct finding *finding_of(const struct suite_run *run, const struct clause *clause)
{
    for (size_t i = 0; i < run->findings.count; i++) {
        if (run->findings.at[i].clause == clause)
            return &run->findings.at[i];
    }
    return NULL;
}

/* The row that a clause's chip links to. */
static void row_id(struct buf *out, const struct clause *clause)
{
    buf_printf(out, "clause-%s", clause->id);
}

/* One chip for each clause. */
static void chips_write(struct buf *out, const struct matrix *matrix)
{
    struct buf id;

    buf_init(&id, LINE_BYTES_MAX);
    page_chips_begin(out);
    for (size_t i = 0; i < matrix->count; i++) {
        const struct matrix_row *row = &matrix->rows[i];

        buf_clear(&id);
        row_id(&id, row->clause);
        page_chip(out, row->is_silent ? PAGE_NEUTRAL : page_grade_tone(row->grade), buf_text(&id),
                  row->clause->id);
    }
    page_chips_end(out);
    buf_fini(&id);
}

/* "412 passed, 3 failed" */
static void row_counts(struct buf *text, const struct matrix_row *row)
{
    const char *comma = "";

    for (int grade = GRADE_COUNT - 1; grade >= 0; grade--) {
        if (row->cases[grade] == 0)
            continue;
        buf_printf(text, "%s%zu %s", comma, row->cases[grade], grade_name((enum grade)grade));
        comma = ", ";
    }
}

static void row_write(struct buf *out, struct page_table *table, const struct suite_run *run,
                      const struct matrix_row *row)
{
    const char letter[] = { clause_source_letter(row->clause->source), '\0' };
    const struct finding *finding = finding_of(run, row->clause);
    struct buf counts;

    buf_init(&counts, LINE_BYTES_MAX);
    row_id(&counts, row->clause);
    page_row_begin(out, table, buf_text(&counts));
    buf_clear(&counts);
    row_counts(&counts, row);
    page_cell(out, table, row->clause->id);
    page_cell(out, table, letter);
    page_cell(out, table, row->clause->sentence);
    page_cell_begin(out, table);
    if (row->is_silent)
        page_badge(out, PAGE_NEUTRAL, row->clause->binds_servers ? "not run" : "binds clients");
    else
        page_badge(out, page_grade_tone(row->grade), grade_name(row->grade));
    page_cell_end(out);
    page_cell_begin(out, table);
    page_text(out, buf_text(&counts));
    if (!row->is_silent && row->grade >= GRADE_WARNED) {
        buf_puts(out, ": ");
        buf_clear(&counts);
        if (finding != NULL) {
            page_finding_id(&counts, finding);
            page_link(out, buf_text(&counts), finding->first->test->id);
        } else {
            page_link(out, row->worst->test->id, row->worst->test->id);
        }
    }
    page_cell_end(out);
    page_row_end(out);
    buf_fini(&counts);
}

static void matrix_write(struct buf *out, const struct suite_run *run, const struct matrix *matrix)
{
    static const char *const columns[] = { "clause", "source", "what it says",
                                           "result", "cases",  NULL };
    struct page_table table;

    page_section_begin(out, "clauses", "Clause by clause");
    page_note(
        out,
        "S: stated by the endpoint's own page. D: stated by another page of the documentation. A: "
        "stated nowhere, so only observed, unless the target is our own mock.");
    page_table_begin(out, &table, columns);
    for (size_t i = 0; i < matrix->count; i++)
        row_write(out, &table, run, &matrix->rows[i]);
    page_table_end(out);
    page_section_end(out);
}

static void skipped_write(struct buf *out, const struct suite_run *run)
{
    static const char *const columns[] = { "reason", "cases", NULL };
    struct page_table table;
    bool is_begun = false;

    for (size_t i = 0; i < run->result_count; i++) {
        const char *reason = run->results[i].reason;
        const char *separator = "";

        if (!skipped_is_first(run, &run->results[i]))
            continue;
        if (!is_begun) {
            page_section_begin(out, "skipped", "Not run");
            page_table_begin(out, &table, columns);
        }
        is_begun = true;
        page_row_begin(out, &table, NULL);
        page_cell(out, &table, reason);
        page_cell_begin(out, &table);
        for (size_t j = i; j < run->result_count; j++) {
            if (!skipped_for(&run->results[j], reason))
                continue;
            buf_puts(out, separator);
            page_code(out, run->results[j].test->id);
            separator = " ";
        }
        page_cell_end(out);
        page_row_end(out);
    }
    if (is_begun) {
        page_table_end(out);
        page_section_end(out);
    }
}

static void all_write(struct buf *out, const struct suite_run *run)
{
    static const char *const columns[] = { "case", "what it is", "result", "ms", NULL };
    struct page_table table;

    page_section_begin(out, "all", "All cases");
    page_fold_begin(out, "Show every case and its result");
    page_table_begin(out, &table, columns);
    for (size_t i = 0; i < run->result_count; i++) {
        const struct result *result = &run->results[i];

        page_row_begin(out, &table, result->test->id);
        page_cell_begin(out, &table);
        page_code(out, result->test->id);
        page_cell_end(out);
        page_cell(out, &table, result->test->says);
        page_cell_begin(out, &table);
        page_badge(out, page_grade_tone(result->grade), grade_name(result->grade));
        page_cell_end(out);
        page_cell_begin(out, &table);
        buf_printf(out, "%lld", (long long)result->time_ms);
        page_cell_end(out);
        page_row_end(out);
    }
    page_table_end(out);
    page_fold_end(out);
    page_section_end(out);
}

void report_html(struct buf *out, const struct suite_run *run, const struct verdict *verdict)
{
    enum { MS_IN_S = 1000 };
    struct matrix matrix;
    struct buf text;

    if (!matrix_make(&matrix, run)) {
        out->status = BUF_NO_MEMORY;
        return;
    }
    buf_init(&text, LINE_BYTES_MAX);
    buf_puts(&text, run->target_text);
    buf_puts(&text, ", ");
    append_utc(&text, run->started_s);
    buf_printf(&text, ": %zu case%s, %zu request%s in %.2f s%s", run->result_count,
               plural(run->result_count), run->traffic.sent, plural(run->traffic.sent),
               (double)run->time_ms / MS_IN_S, run->options.is_strict ? ", warnings fail" : "");
    page_begin(out, "Conformance to the contract", buf_text(&text));
    summary_write(out, run, verdict);
    chips_write(out, &matrix);
    findings_write(out, run, GRADE_BROKEN, "broken", "Broken: an error in the suite");
    findings_write(out, run, GRADE_FAILED, "failed", "Failures");
    findings_write(out, run, GRADE_KNOWN, "known", "Known failures");
    findings_write(out, run, GRADE_WARNED, "warned", "Warnings");
    matrix_write(out, run, &matrix);
    page_observations_write(out, run);
    page_learned_write(out, &run->learning);
    skipped_write(out, run);
    if (!run->is_ours)
        page_ledger_write(out, &run->traffic.ledger);
    all_write(out, run);
    buf_clear(&text);
    buf_printf(&text,
               "heymarket-conformance %s, run %s. Tokens and keys are not shown; each repeat "
               "command signs a new token with the secret in the environment.",
               hm_version(), run->marks.run);
    page_end(out, buf_text(&text));
    buf_fini(&text);
    matrix_fini(&matrix);
}
