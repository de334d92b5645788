#include "report/report_json.h"
#include "report/matrix.h"
#include "report/observed.h"
#include "report/output.h"
#include "support/json_text.h"
#include "support/text.h"

/* Leaves an empty member out. */
static void set_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL && *text)
        json_object_set_new(object, name, json_string(text));
}

static json_t *counts_make(const size_t counts[GRADE_COUNT])
{
    json_t *object = json_object();

    for (int grade = 0; grade < GRADE_COUNT; grade++)
        json_object_set_new(object, grade_name((enum grade)grade),
                            json_integer((json_int_t)counts[grade]));
    return object;
}

static json_t *sources_make(const struct verdict *verdict)
{
    json_t *object = json_object();

    for (int source = 0; source < SOURCE_COUNT; source++) {
        const char letter[] = { clause_source_letter((enum clause_source)source), '\0' };

        json_object_set_new(object, letter,
                            json_integer((json_int_t)verdict->failed_by_source[source]));
    }
    return object;
}

static json_t *target_make(const struct suite_run *run)
{
    return json_pack("{s:s,s:s,s:s?,s:s?}", "kind",
                     run->target_kind != NULL ? run->target_kind : "none", "text", run->target_text,
                     "base_url", *run->target_url ? run->target_url : NULL, "version",
                     *run->target_version ? run->target_version : NULL);
}

static void set_clause(json_t *object, const struct clause *clause, enum clause_source source)
{
    const char letter[] = { clause_source_letter(source), '\0' };

    json_object_set_new(object, "clause", clause != NULL ? json_string(clause->id) : json_null());
    json_object_set_new(object, "source", clause != NULL ? json_string(letter) : json_null());
}

static json_t *remarks_make(const struct result *result)
{
    json_t *list = json_array();

    for (size_t i = 0; i < result->remark_count; i++) {
        const struct remark *remark = &result->remarks[i];
        json_t *object =
            json_pack("{s:s,s:I,s:s,s:s,s:b}", "result", grade_name(remark->grade), "step",
                      (json_int_t)remark->step + 1, "expected", remark->expected, "actual",
                      remark->actual, "automatic", remark->is_automatic);

        set_clause(object, remark->clause,
                   remark->clause != NULL ? remark_source(remark) : SOURCE_ASSUMED);
        if (remark->finding != 0)
            json_object_set_new(object, "finding", json_integer((json_int_t)remark->finding));
        list = json_list_add(list, object);
    }
    return list;
}

static json_t *case_make(const struct result *result)
{
    const struct test_case *test = result->test;
    json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:o}", "id", test->id, "clause",
                               test->file->clause->id, "file", test->file->json.name, "says",
                               test->says, "result", grade_name(result->grade), "time_ms",
                               (json_int_t)result->time_ms, "remarks", remarks_make(result));

    set_text(object, "reason", result->reason);
    set_text(object, "repeat", result->repeat);
    if (result->records != NULL)
        json_object_set(object, "exchanges", result->records);
    if (result->has_no_room)
        json_object_set_new(object, "exchanges_omitted", json_true());
    return object;
}

static json_t *clauses_make(const struct suite_run *run)
{
    json_t *list = json_array();
    struct matrix matrix;
    const bool is_made = matrix_make(&matrix, run);

    for (size_t i = 0; i < matrix.count; i++) {
        const struct matrix_row *row = &matrix.rows[i];
        json_t *object = json_pack("{s:s,s:s,s:o}", "sentence", row->clause->sentence, "result",
                                   row->is_silent ? "none" : grade_name(row->grade), "cases",
                                   counts_make(row->cases));

        set_clause(object, row->clause, row->clause->source);
        list = json_list_add(list, object);
    }
    matrix_fini(&matrix);
    return is_made ? list : json_list_add(list, NULL);
}

static json_t *observations_list(const struct suite_run *run)
{
    json_t *list = json_array();
    struct observations observations;
    const bool is_made = observations_make(&observations, run);

    for (size_t i = 0; i < observations.count; i++) {
        const struct observation *one = &observations.at[i];
        json_t *object = json_pack("{s:s?,s:s?,s:s?,s:s?,s:I,s:I}", "policy",
                                   one->is_choice ? one->clause->policy : NULL, "case",
                                   one->result != NULL ? one->result->test->id : NULL, "expected",
                                   one->remark != NULL ? one->remark->expected : NULL, "seen",
                                   one->remark != NULL ? one->remark->actual : NULL, "as_our_mock",
                                   (json_int_t)one->held, "of", (json_int_t)one->total);

        set_clause(object, one->clause, one->clause->source);
        list = json_list_add(list, object);
    }
    observations_fini(&observations);
    return is_made ? list : json_list_add(list, NULL);
}

static json_t *ids_make(const struct suite_run *run, const struct finding *finding)
{
    json_t *list = json_array();

    for (size_t i = 0; i < run->result_count; i++) {
        if (finding_has(finding, &run->results[i]))
            list = json_list_add(list, json_string(run->results[i].test->id));
    }
    return list;
}

static json_t *finding_make(const struct suite_run *run, const struct finding *finding)
{
    const struct remark *remark = finding->remark;
    const struct known_failure *known = remark != NULL ? remark->known : NULL;
    json_t *object = json_pack(
        "{s:I,s:s,s:I,s:s,s:I,s:s,s:s,s:o}", "number", (json_int_t)finding->number, "result",
        grade_name(finding->grade), "count", (json_int_t)finding->count, "case",
        finding->first->test->id, "step", (json_int_t)(remark != NULL ? remark->step : 0) + 1,
        "expected", remark != NULL ? remark->expected : "", "actual",
        remark != NULL ? remark->actual : "", "cases", ids_make(run, finding));

    set_clause(object, finding->clause, finding->source);
    set_text(object, "sentence", finding->clause != NULL ? finding->clause->sentence : NULL);
    set_text(object, "reason",
             known != NULL    ? known->reason
             : remark == NULL ? finding->first->reason
                              : NULL);
    set_text(object, "until", known != NULL ? known->until : NULL);
    set_text(object, "repeat", finding->first->repeat);
    return object;
}

static json_t *findings_list(const struct suite_run *run)
{
    json_t *list = json_array();

    for (size_t i = 0; i < run->findings.count; i++)
        list = json_list_add(list, finding_make(run, &run->findings.at[i]));
    return list;
}

static json_t *cases_make(const struct suite_run *run)
{
    json_t *list = json_array();

    for (size_t i = 0; i < run->result_count; i++)
        list = json_list_add(list, case_make(&run->results[i]));
    return list;
}

static json_t *ledger_make(const struct ledger *ledger)
{
    json_t *list = json_array();
    struct buf when;

    buf_init(&when, HM_ERROR_TEXT);
    for (size_t i = 0; i < ledger->count; i++) {
        const struct ledger_entry *entry = &ledger->at[i];

        buf_clear(&when);
        append_utc(&when, entry->time_s);
        list = json_list_add(list, json_pack("{s:s,s:i,s:s,s:i,s:s,s:s,s:s,s:s,s:b}", "case",
                                             entry->case_id, "step", (int)entry->step + 1, "time",
                                             buf_text(&when), "status", entry->status, "path",
                                             entry->path, "channel_type", entry->channel_type,
                                             "channel_id", entry->channel_id, "request_id",
                                             entry->request_id, "unknown", entry->is_unknown));
    }
    buf_fini(&when);
    return list;
}

/* Empty without --learn. */
static json_t *learned_make(const struct learning *learning)
{
    json_t *list = json_array();

    for (size_t i = 0; i < learning->count; i++) {
        const struct learned *learned = &learning->at[i];

        list = json_list_add(list, json_pack("{s:s,s:s,s:s*,s:s}", "clause", learned->clause->id,
                                             "policy", learned->clause->policy, "value",
                                             *learned->value ? learned->value : NULL, "seen",
                                             learned->why));
    }
    return list;
}

static json_t *verdict_json(const struct verdict *verdict)
{
    json_t *object =
        json_pack("{s:s,s:s,s:i,s:I}", "word", verdict->word, "detail", verdict->detail,
                  "exit_code", verdict->exit_code, "judged", (json_int_t)verdict->judged);

    set_text(object, "warning", verdict->warning);
    return object;
}

/* The clauses of --strict=CLAUSE. */
static json_t *strict_make(const struct suite_run *run)
{
    const struct clauses *clauses = &run->catalog->clauses;
    json_t *list = json_array();

    for (size_t i = 0; i < clauses->count; i++) {
        if (clauses->at[i].is_strict)
            list = json_list_add(list, json_string(clauses->at[i].id));
    }
    return list;
}

static json_t *document_make(const struct suite_run *run, const struct verdict *verdict)
{
    struct buf started;

    buf_init(&started, HM_ERROR_TEXT);
    append_utc(&started, run->started_s);
    json_t *document = json_pack(
        "{s:i,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,"
        "s:o,s:o,s:o}",
        "v", 1, "program", "heymarket-conformance", "version", hm_version(), "run", run->marks.run,
        "started", buf_text(&started), "time_ms", (json_int_t)run->time_ms, "requests",
        (json_int_t)run->traffic.sent, "accepted_writes", (json_int_t)run->traffic.accepted,
        "strict", run->options.is_strict, "target", target_make(run), "verdict",
        verdict_json(verdict), "strict_clauses", strict_make(run), "counts",
        counts_make(verdict->grades), "failed_by_source", sources_make(verdict), "clauses",
        clauses_make(run), "findings", findings_list(run), "observations", observations_list(run),
        "cases", cases_make(run), "ledger", ledger_make(&run->traffic.ledger), "learned",
        learned_make(&run->learning));
    if (run->cleanup.was_tried)
        json_object_set_new(document, "cleanup",
                            json_pack("{s:I,s:I}", "deleted", (json_int_t)run->cleanup.deleted,
                                      "left", (json_int_t)run->cleanup.left));
    buf_fini(&started);
    return document;
}

void report_json(struct buf *out, const struct suite_run *run, const struct verdict *verdict)
{
    json_t *document = document_make(run, verdict);

    json_text_tree(out, document, JSON_INDENT(2));
    buf_putc(out, '\n');
    json_decref(document);
}
