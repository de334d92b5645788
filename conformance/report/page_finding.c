#include "report/page_finding.h"
#include "judge/baseline.h"
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 1024 * 1024, LABEL_BYTES_MAX = 256 };

enum page_tone page_grade_tone(enum grade grade)
{
    static const enum page_tone tones[GRADE_COUNT] = {
        [GRADE_SKIPPED] = PAGE_NEUTRAL, [GRADE_OBSERVED] = PAGE_NEUTRAL, [GRADE_PASSED] = PAGE_GOOD,
        [GRADE_WARNED] = PAGE_WARN,     [GRADE_KNOWN] = PAGE_WARN,       [GRADE_FAILED] = PAGE_BAD,
        [GRADE_BROKEN] = PAGE_BAD,
    };

    return tones[grade];
}

static void remark_write(struct buf *out, const struct result *result, const struct remark *remark)
{
    const struct clause *clause = remark->clause;
    struct buf text;

    buf_init(&text, TEXT_BYTES_MAX);
    if (clause != NULL)
        buf_printf(&text, "%s %c%s", clause->id, clause_source_letter(remark_source(remark)),
                   remark_source(remark) == SOURCE_SECONDARY ? ", secondary" : "");
    else
        buf_puts(&text, "HTTP");
    buf_puts(out, "<p>");
    page_badge(out, page_grade_tone(remark->grade), buf_text(&text));
    buf_putc(out, ' ');
    if (clause != NULL)
        page_text(out, clause->sentence);
    buf_puts(out, "</p>\n");
    page_facts_begin(out);
    if (result->test->step_count > 1) {
        buf_clear(&text);
        buf_printf(&text, "%zu of %zu", remark->step + 1, result->test->step_count);
        page_fact(out, "step", buf_text(&text));
    }
    page_fact(out, "expected", remark->expected);
    page_fact(out, "actual", remark->actual);
    page_facts_end(out);
    buf_fini(&text);
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

static void append_lines(struct buf *text, const json_t *lines)
{
    const json_t *line;
    size_t i;

    json_array_foreach (lines, i, line) {
        buf_printf(text, "%s\n", json_string_value(line));
    }
}

static void append_body(struct buf *text, const json_t *message)
{
    const json_t *body = json_object_get(message, "body");

    if (body == NULL || json_string_length(body) == 0)
        return;
    buf_putc(text, '\n');
    buf_add(text, json_string_value(body), json_string_length(body));
    if (json_is_true(json_object_get(message, "body_truncated")))
        buf_printf(text, "... (%lld bytes in total)",
                   (long long)json_integer_value(json_object_get(message, "body_bytes")));
}

/* {"alg":"HS256","typ":"JWT"}.{"iss":...} */
static void append_tokens(struct buf *text, const json_t *tokens)
{
    const json_t *token;
    char *header;
    char *claims;
    size_t i;

    json_array_foreach (tokens, i, token) {
        header = json_dumps(json_object_get(token, "header"), JSON_COMPACT | JSON_ENCODE_ANY);
        claims = json_dumps(json_object_get(token, "claims"), JSON_COMPACT | JSON_ENCODE_ANY);
        if (header != NULL && claims != NULL)
            buf_printf(text, "# token: %s %s\n", header, claims);
        free(header);
        free(claims);
    }
}

static void append_status(struct buf *text, const json_t *answer)
{
    const json_t *status = json_object_get(answer, "status");

    if (status != NULL)
        buf_printf(text, "HTTP/1.1 %lld\n", (long long)json_integer_value(status));
    append_lines(text, json_object_get(answer, "headers"));
    append_body(text, answer);
    if (*text_of(answer, "reason"))
        buf_printf(text, "%s# %s: %s", text->length > 0 ? "\n" : "", text_of(answer, "outcome"),
                   text_of(answer, "reason"));
}

/* One request and its answer. */
static void record_write(struct buf *out, const struct result *result, const json_t *record)
{
    const json_t *request = json_object_get(record, "request");
    const json_t *answer = json_object_get(record, "answer");
    const char *which = text_of(record, "case");
    const bool is_own = strcmp(which, result->test->id) == 0;
    struct buf label;
    struct buf text;

    buf_init(&label, LABEL_BYTES_MAX);
    buf_init(&text, TEXT_BYTES_MAX);
    buf_puts(&label, "Request");
    if (!is_own)
        buf_printf(&label, " of %s", which);
    else if (result->test->step_count > 1)
        buf_printf(&label, ", step %lld",
                   (long long)json_integer_value(json_object_get(record, "step")));
    buf_printf(&text, "%s %s\n", text_of(request, "method"), text_of(request, "url"));
    append_lines(&text, json_object_get(request, "headers"));
    append_tokens(&text, json_object_get(request, "tokens"));
    append_body(&text, request);
    page_lines(out, buf_text(&label), buf_text(&text), text.length);
    buf_clear(&label);
    buf_clear(&text);
    buf_printf(&label, "Answer, after %lld ms",
               (long long)json_integer_value(json_object_get(answer, "time_ms")));
    append_status(&text, answer);
    page_lines(out, buf_text(&label), buf_text(&text), text.length);
    buf_fini(&label);
    buf_fini(&text);
}

/* Does the case have the finding for this step? */
static bool is_at_fault(const struct result *result, const struct finding *finding,
                        const json_t *record)
{
    const json_int_t step = json_integer_value(json_object_get(record, "step"));

    if (strcmp(text_of(record, "case"), result->test->id) != 0)
        return false;
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].finding == finding->number &&
            (json_int_t)result->remarks[i].step + 1 == step)
            return true;
    }
    return false;
}

/* The failed steps are shown at once, the others can be unfolded. */
static void records_write(struct buf *out, const struct finding *finding)
{
    const struct result *result = finding->first;
    const json_t *record;
    bool is_begun = false;
    size_t i;

    json_array_foreach (result->records, i, record) {
        if (is_at_fault(result, finding, record))
            record_write(out, result, record);
    }
    json_array_foreach (result->records, i, record) {
        if (is_at_fault(result, finding, record))
            continue;
        if (!is_begun)
            page_fold_begin(out, "The other requests of this case");
        is_begun = true;
        record_write(out, result, record);
    }
    if (is_begun)
        page_fold_end(out);
}

/* All cases of a finding, each a link to its row in the table of all cases. */
static void cases_write(struct buf *out, const struct suite_run *run, const struct finding *finding)
{
    struct buf text;

    if (finding->count < 2)
        return;
    buf_init(&text, TEXT_BYTES_MAX);
    buf_printf(&text, "All %zu cases", finding->count);
    page_fold_begin(out, buf_text(&text));
    buf_puts(out, "<p>");
    for (size_t i = 0; i < run->result_count; i++) {
        if (!finding_has(finding, &run->results[i]))
            continue;
        page_link(out, run->results[i].test->id, run->results[i].test->id);
        buf_putc(out, ' ');
    }
    buf_puts(out, "</p>\n");
    page_fold_end(out);
    buf_fini(&text);
}

void page_finding_id(struct buf *out, const struct finding *finding)
{
    buf_printf(out, "finding-%zu", finding->number);
}

void page_finding_write(struct buf *out, const struct suite_run *run, const struct finding *finding)
{
    const struct result *result = finding->first;
    const struct remark *remark = finding->remark;
    const struct known_failure *known = remark != NULL ? remark->known : NULL;
    struct buf heading;
    struct buf id;

    buf_init(&heading, TEXT_BYTES_MAX);
    buf_init(&id, LABEL_BYTES_MAX);
    page_finding_id(&id, finding);
    buf_printf(&heading, "%s: %s", result->test->id, result->test->says);
    if (finding->count > 1)
        buf_printf(&heading, " (and %zu more case%s)", finding->count - 1,
                   finding->count == 2 ? "" : "s");
    page_card_begin(out, page_grade_tone(finding->grade), buf_text(&id), buf_text(&heading));
    if (known != NULL) {
        buf_clear(&heading);
        buf_printf(&heading, "Accepted until %s: %s", known->until, known->reason);
        page_paragraph(out, buf_text(&heading));
    } else if (remark == NULL && result->reason != NULL) {
        page_paragraph(out, result->reason);
    }
    if (remark != NULL)
        remark_write(out, result, remark);
    cases_write(out, run, finding);
    records_write(out, finding);
    if (result->repeat != NULL)
        page_lines(out, "Repeat", result->repeat, strlen(result->repeat));
    page_card_end(out);
    buf_fini(&heading);
    buf_fini(&id);
}
