#include "judge/judge.h"
#include "contract/operation_answer.h"
#include "judge/life.h"
#include "judge/match_expect.h"
#include "support/hash.h"
#include "support/text.h"
#include "support/uuid.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_ID_HEADER "X-Request-Id"

enum { REQUEST_IDS_MAX = 200000, WHERE_TEXT = 80 };

struct request_id {
    char id[UUID_TEXT];
    char where[WHERE_TEXT]; /* the case whose answer had it */
    UT_hash_handle hh;
};

/* How an expectation is used on a target. */
enum stance { STANCE_IGNORE, STANCE_OBSERVE, STANCE_ASSERT };

void request_ids_fini(struct request_ids *ids)
{
    struct request_id *id = ids->by_id;

    HASH_CLEAR(hh, ids->by_id);
    while (id != NULL) {
        struct request_id *next = id->hh.next;

        free(id);
        id = next;
    }
}

/* Does the target use the values for which this is expected? */
static bool is_in_force(const struct expect *expect, const struct target *target)
{
    const struct clause *clause = expect->clause;
    const char *name;
    const char *value;
    json_t *wanted;

    json_object_foreach (expect->policy, name, wanted) {
        value = target_policy(target, name);
        if (value == NULL || strcmp(value, json_string_value(wanted)) != 0)
            return false;
    }
    if (clause->source != SOURCE_ASSUMED || clause->policy == NULL ||
        (expect->policy != NULL && json_object_size(expect->policy) == 0) ||
        json_object_get(expect->policy, clause->policy) != NULL)
        return true;
    value = target_policy(target, clause->policy);
    return value != NULL && strcmp(value, clause->policy_default) == 0;
}

static enum stance stance_of(const struct expect *expect, const struct target *target)
{
    bool is_ours = target_is_ours(target);

    if (expect->is_mock_only && !is_ours)
        return STANCE_IGNORE;
    if (expect->kind == EXPECT_HINT)
        return is_ours ? STANCE_ASSERT : STANCE_IGNORE;
    if (expect->is_observed && !is_ours)
        return STANCE_OBSERVE;
    if (expect->clause->source != SOURCE_ASSUMED && expect->policy == NULL)
        return STANCE_ASSERT;
    return is_ours && is_in_force(expect, target) ? STANCE_ASSERT : STANCE_OBSERVE;
}

bool judge_has_say(const struct test_case *test, const struct target *target)
{
    for (size_t i = 0; i < test->step_count; i++) {
        for (size_t j = 0; j < test->steps[i].expect_count; j++) {
            if (stance_of(&test->steps[i].expects[j], target) != STANCE_IGNORE)
                return true;
        }
    }
    return false;
}

/* A mock that somebody else started may run with --terse: it then names no mistakes. */
static enum stance stance_on_answer(const struct expect *expect, const struct target *target,
                                    const struct round_trip *trip)
{
    const char *value;
    size_t length;

    if (expect->kind == EXPECT_HINT && target->kind == TARGET_OUR_MOCK &&
        !http_answer_header(&trip->answer, MATCH_FINDING_HEADER, 0, &value, &length))
        return STANCE_IGNORE;
    return stance_of(expect, target);
}

static void remark_add(struct result *result, enum grade grade, const struct clause *clause,
                       size_t step, const char *expected, const char *actual)
{
    const struct remark remark = {
        .grade = grade,
        .clause = clause,
        .is_automatic = true,
        .step = step,
    };

    result_add(result, &remark, expected, actual);
}

/* Does the expectation tell which value of its clause's choice the target uses? */
static bool is_about_choice(const struct expect *expect)
{
    const struct clause *clause = expect->clause;

    if (clause->policy == NULL)
        return false;
    return expect->policy != NULL ? json_object_get(expect->policy, clause->policy) != NULL
                                  : clause->source == SOURCE_ASSUMED;
}

/* Somebody else writes to the contact: said, not judged. */
static void others_note(struct result *result, const struct expect *expect, size_t step,
                        size_t others)
{
    enum { NOTE_TEXT = 80 };
    const struct remark remark = { .grade = GRADE_OBSERVED,
                                   .clause = expect->clause,
                                   .step = step };
    char actual[NOTE_TEXT];

    snprintf(actual, sizeof actual, "%zu more channel%s, which this case did not send", others,
             plural(others));
    result_add(result, &remark, "only the channels that this case sends are added", actual);
}

/* [J1 B1] Was the request refused as an S clause asks, only with another figure? */
static bool is_figure_alone(const struct expect *expect, const struct match *match,
                            const struct round_trip *trip)
{
    return expect->kind == EXPECT_STATUS && expect->clause->source == SOURCE_STATED &&
           match->verdict == MATCH_DIFFERS && trip->answer.status / 100 == 4;
}

/* Compares one expectation with its answer. False: the status is of another class, so the other
 * expectations of this answer do not matter. */
static bool expect_judge(struct result *result, const struct judge *judge,
                         const struct expect *expect, const struct round_trip *trips, size_t step,
                         struct case_marks *marks)
{
    enum stance stance = stance_on_answer(expect, judge->target, &trips[step]);
    struct remark remark = { .clause = expect->clause,
                             .is_about_choice = is_about_choice(expect),
                             .step = step };
    struct match match;
    bool goes_on = true;

    if (stance == STANCE_IGNORE)
        return true;
    match_init(&match);
    match_expect(&match, expect, trips, step, marks);
    remark.holds = match.verdict == MATCH_HOLDS;
    if (stance == STANCE_OBSERVE && match.verdict != MATCH_VOID) {
        remark.grade = GRADE_OBSERVED;
        result_add(result, &remark, buf_text(&match.expected), buf_text(&match.actual));
    } else if (stance == STANCE_ASSERT && (remark.holds || match.verdict == MATCH_VOID)) {
        result_raise(result, GRADE_PASSED);
        if (remark.holds)
            result_hold(result, expect->clause);
    } else if (stance == STANCE_ASSERT) {
        remark.is_secondary = is_figure_alone(expect, &match, &trips[step]);
        remark.grade = expect->kind == EXPECT_TOKEN
                           ? life_grade(result->test, trips, step, &match.actual)
                       : expect->is_lenient && !target_is_ours(judge->target) ? GRADE_WARNED
                                                                              : GRADE_FAILED;
        result_add(result, &remark, buf_text(&match.expected), buf_text(&match.actual));
    }
    if (match.others > 0 && match.verdict != MATCH_DIFFERS)
        others_note(result, expect, step, match.others);
    goes_on = match.verdict != MATCH_DIFFERS_IN_CLASS;
    match_fini(&match);
    return goes_on;
}

/* False: out of memory. Beyond the limit nothing more is kept. */
static bool request_id_keep(struct request_ids *ids, const char *id, const char *where)
{
    struct request_id *kept;

    if (HASH_COUNT(ids->by_id) >= REQUEST_IDS_MAX)
        return true;
    kept = calloc(1, sizeof *kept);
    if (kept == NULL)
        return false;
    memcpy(kept->id, id, UUID_TEXT);
    snprintf(kept->where, sizeof kept->where, "%s", where);
    HASH_ADD_STR(ids->by_id, id, kept);
    if (kept->hh.tbl == NULL) {
        free(kept);
        return false;
    }
    return true;
}

/* Does the answer have a second value of the header that differs from the first? */
static bool has_other_request_id(const struct http_answer *answer, const char *first, size_t length)
{
    const char *value;
    size_t value_length;
    size_t nth = 1;

    while (http_answer_header(answer, REQUEST_ID_HEADER, nth++, &value, &value_length)) {
        if (value_length != length || memcmp(value, first, length) != 0)
            return true;
    }
    return false;
}

void request_id_judge(struct result *result, const struct judge *judge,
                      const struct round_trip *trip, size_t step)
{
    const struct clause *clause = clause_find(judge->clauses, "T4");
    const char *value;
    size_t length;
    char id[UUID_TEXT];
    struct buf actual;
    struct buf where;
    const struct request_id *other;

    buf_init(&actual, MATCH_TEXT_MAX);
    buf_init(&where, (size_t)WHERE_TEXT * 2);
    buf_printf(&where, "%s%s", judge->is_of_traffic ? "" : "case ", result->test->id);
    if (!http_answer_header(&trip->answer, REQUEST_ID_HEADER, 0, &value, &length)) {
        buf_printf(&actual, "status %d without it", trip->answer.status);
        remark_add(result, GRADE_FAILED, clause, step, "header " REQUEST_ID_HEADER ", a UUID",
                   buf_text(&actual));
    } else if (!uuid_is_valid(value, length)) {
        buf_puts(&actual, REQUEST_ID_HEADER ": ");
        round_trip_quote(&actual, trip, value, length);
        remark_add(result, GRADE_FAILED, clause, step, "header " REQUEST_ID_HEADER ", a UUID",
                   buf_text(&actual));
    } else if (has_other_request_id(&trip->answer, value, length)) {
        remark_add(result, GRADE_FAILED, clause, step, "one " REQUEST_ID_HEADER,
                   "several, which differ");
    } else {
        uuid_lower(id, value);
        HASH_FIND_STR(judge->ids->by_id, id, other);
        if (other != NULL) {
            buf_printf(&actual, "%s, which was already in an answer of %s", id, other->where);
            remark_add(result, GRADE_FAILED, clause, step,
                       "a new " REQUEST_ID_HEADER " for each answer", buf_text(&actual));
        } else if (!request_id_keep(judge->ids, id, buf_text(&where))) {
            result_decide(result, GRADE_BROKEN, "out of memory");
        } else {
            result_hold(result, clause);
        }
    }
    buf_fini(&where);
    buf_fini(&actual);
}

/* Only one remark for each clause: what is wrong with one element is usually wrong with all. */
static bool is_first_of_clause(const struct answer_breaches *breaches, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(breaches->at[i].clause, breaches->at[index].clause) == 0 &&
            breaches->at[i].is_warning == breaches->at[index].is_warning)
            return false;
    }
    return true;
}

static void breach_judge(struct result *result, const struct judge *judge,
                         const struct answer_breach *breach, const struct round_trip *trip,
                         size_t step)
{
    const struct clause *clause = clause_find(judge->clauses, breach->clause);
    bool is_ours = target_is_ours(judge->target);
    bool is_assumed = clause != NULL && clause->source == SOURCE_ASSUMED;
    enum grade grade = !is_ours && is_assumed ? GRADE_OBSERVED : GRADE_FAILED;
    struct buf expected;
    struct buf actual;

    if (breach->is_warning && !is_ours)
        grade = GRADE_WARNED;
    buf_init(&expected, MATCH_TEXT_MAX);
    buf_printf(&expected, "a response as [%s] requires", breach->clause);
    buf_init(&actual, MATCH_TEXT_MAX);
    round_trip_quote(&actual, trip, breach->text, strlen(breach->text));
    remark_add(result, grade, clause, step, buf_text(&expected), buf_text(&actual));
    buf_fini(&actual);
    buf_fini(&expected);
}

/* Notes the clauses that the answer kept. If the body has another form, only those before that
 * clause are known. */
static void kept_note(struct result *result, const struct judge *judge,
                      const struct operation *operation, const struct answer_breaches *breaches)
{
    const bool is_of_channels = operation->form != ANSWER_INBOXES;
    const char *const clauses[] = { "R6", operation->form_clause, is_of_channels ? "R2" : NULL,
                                    "R5", "R8" };
    bool is_broken = false;
    size_t j;

    for (size_t i = 0; i < sizeof clauses / sizeof *clauses && clauses[i] != NULL && !is_broken;
         i++) {
        for (j = 0; j < breaches->count && strcmp(breaches->at[j].clause, clauses[i]) != 0; j++)
            ;
        if (j == breaches->count)
            result_hold(result, clause_find(judge->clauses, clauses[i]));
        else
            is_broken = i == 1;
    }
}

void answer_judge(struct result *result, const struct judge *judge, const struct round_trip *trip,
                  size_t step, const struct operation *operation,
                  const struct operation_values *values)
{
    struct answer_breaches *breaches = calloc(1, sizeof *breaches);
    const char *value = NULL;
    size_t length = 0;
    char *content_type = NULL;
    struct round_trip_masking masking;
    struct operation_answer answer = { NULL, buf_text(&trip->answer.body),
                                       trip->answer.body.length };

    round_trip_mask(&masking, trip);
    if (http_answer_header(&trip->answer, "Content-Type", 0, &value, &length))
        content_type = strndup(value, length);
    answer.content_type = content_type;
    if (breaches == NULL || (value != NULL && content_type == NULL) ||
        operation_answer_check(NULL, operation, values, &answer, &masking.masking, breaches,
                               NULL) != HM_OK) {
        result_decide(result, GRADE_BROKEN, "out of memory");
        goto out;
    }
    for (size_t i = 0; i < breaches->count; i++) {
        if (is_first_of_clause(breaches, i))
            breach_judge(result, judge, &breaches->at[i], trip, step);
    }
    if (operation->form != ANSWER_ANYTHING || json_is_array(trip->body))
        kept_note(result, judge, operation, breaches);
out:
    free(content_type);
    free(breaches);
}

/* The answer is beyond a limit, so nothing else can be judged. */
static void size_judge(struct result *result, const struct judge *judge,
                       const struct round_trip *trip, size_t step)
{
    const struct operation *operation = step_operation(&result->test->steps[step]);
    const bool is_list =
        round_trip_is_accepted(trip) && operation != NULL && operation->form != ANSWER_ANYTHING;
    struct buf actual;

    buf_init(&actual, MATCH_TEXT_MAX);
    round_trip_describe(&actual, trip);
    remark_add(result, GRADE_FAILED,
               is_list ? clause_find(judge->clauses, operation->form_clause)
                       : result->test->file->clause,
               step, "a response within the limits of the suite", buf_text(&actual));
    buf_fini(&actual);
}

static void step_judge(struct result *result, const struct judge *judge,
                       const struct round_trip *trips, size_t index, struct case_marks *marks)
{
    const struct step *step = &result->test->steps[index];
    const struct operation *operation = step_operation(step);
    const struct round_trip *trip = &trips[index];
    bool goes_on = true;

    for (size_t i = 0; i < step->expect_count && goes_on; i++)
        goes_on = expect_judge(result, judge, &step->expects[i], trips, index, marks);
    if (!round_trip_is_answered(trip))
        return;
    request_id_judge(result, judge, trip, index);
    if (trip->answer.outcome == HTTP_ANSWER_TOO_BIG)
        size_judge(result, judge, trip, index);
    else if (round_trip_is_accepted(trip) && operation != NULL)
        answer_judge(result, judge, trip, index, operation, NULL); /* cases say their values */
}

void judge_case(struct result *result, const struct judge *judge, const struct round_trip *trips,
                struct case_marks *marks)
{
    result_raise(result, GRADE_OBSERVED);
    for (size_t i = 0; i < result->test->step_count; i++) {
        if (trips[i].was_tried)
            step_judge(result, judge, trips, i, marks);
    }
    if (result->test->by_date)
        life_note(result, trips);
}

void judge_excuse(struct result *result, const struct clause *clause)
{
    enum grade grade = GRADE_OBSERVED;

    if (result->grade != GRADE_FAILED)
        return;
    for (size_t i = 0; i < result->remark_count; i++) {
        if (!result->remarks[i].is_automatic && result->remarks[i].grade == GRADE_FAILED) {
            result->remarks[i].grade = GRADE_OBSERVED;
            result->remarks[i].clause = clause;
            result->remarks[i].is_about_choice = clause->policy != NULL;
        }
        if (result->remarks[i].grade > grade)
            grade = result->remarks[i].grade;
    }
    result->grade = grade;
}
