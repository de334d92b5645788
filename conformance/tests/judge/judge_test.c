#include "tests/suite_test.h"

#include "cases/catalog.h"
#include "judge/judge.h"
#include "report/verdict.h"
#include "support/options.h"

static const char list[] =
    "[{\"id\":1,\"team_id\":2,\"contact_id\":3,\"channel_type\":\"email\",\"channel_id\":\"a@b\","
    "\"info_channel\":\"\",\"channel_handle\":\"\",\"created\":\"2024-01-01T00:00:00Z\","
    "\"updated\":\"2024-01-01T00:00:00Z\"}]";

static const char json_head[] = "Content-Type: application/json\r\n"
                                "X-Request-Id: 0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa01\r\n";

/* A case with one step, and a made-up answer. */
struct bench {
    struct catalog catalog;
    struct case_file file;
    struct test_case test;
    struct step step;
    struct expect expects[8];
    json_t *entries;
    struct target target;
    struct request_ids ids;
    struct round_trip trip;
    struct result result;
};

static int bench_setup(void **state)
{
    const struct fixtures from = { TEST_FIXTURES };
    struct bench *bench = calloc(1, sizeof *bench);

    if (bench == NULL || catalog_load(&bench->catalog, &from, NULL) != HM_OK)
        return -1;
    bench->target.kind = TARGET_FOREIGN;
    *state = bench;
    return 0;
}

static void bench_clear(struct bench *bench)
{
    result_fini(&bench->result);
    json_decref(bench->entries);
    json_decref(bench->trip.body);
    json_decref(bench->step.request);
    http_answer_fini(&bench->trip.answer);
    memset(&bench->trip, 0, sizeof bench->trip);
    bench->entries = NULL;
    bench->step.request = NULL;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;

    bench_clear(bench);
    request_ids_fini(&bench->ids);
    json_decref(bench->target.policy);
    catalog_fini(&bench->catalog);
    free(bench);
    return 0;
}

/* Reads expectations of clause S1 from text. */
static void expect_text(struct bench *bench, const char *text)
{
    const struct json_file file = { .name = NULL };
    struct json_node array = { .file = &file };

    bench->entries = json_loads(text, 0, NULL);
    assert_non_null(bench->entries);
    assert_true(json_array_size(bench->entries) <= 8);
    array.value = bench->entries;
    assert_int_equal(expects_read(bench->expects, &array, &bench->catalog.clauses,
                                  clause_find(&bench->catalog.clauses, "S1"), 0, NULL),
                     HM_OK);
    bench->step.request =
        json_pack("{s:s, s:s}", "method", "POST", "path", "/v2/contact/{contactID}/channel");
    bench->step.expects = bench->expects;
    bench->step.expect_count = json_array_size(bench->entries);
    bench->test = (struct test_case){
        .file = &bench->file, .id = "S1-x", .says = "x", .step_count = 1, .steps = &bench->step
    };
    bench->result.test = &bench->test;
}

static enum grade judge_text(void **state, const char *expects, int status, const char *head,
                             const char *body)
{
    struct bench *bench = *state;
    const struct judge judge = { &bench->catalog.clauses, &bench->target, &bench->ids, false };
    struct marks run = { .run = "deadbeef" };
    struct case_marks marks = { .run = &run };

    bench_clear(bench);
    request_ids_fini(&bench->ids);
    expect_text(bench, expects);
    bench->trip.was_tried = true;
    bench->trip.message.step = &bench->step;
    bench->trip.answer.outcome = status ? HTTP_ANSWERED : HTTP_NO_ANSWER;
    bench->trip.answer.status = status;
    buf_init(&bench->trip.answer.headers, 4096);
    buf_init(&bench->trip.answer.body, 4096);
    buf_puts(&bench->trip.answer.headers, head);
    buf_puts(&bench->trip.answer.body, body);
    round_trip_parse(&bench->trip);
    judge_case(&bench->result, &judge, &bench->trip, &marks);
    return bench->result.grade;
}

static const char *failed_clause(void **state)
{
    const struct bench *bench = *state;

    for (size_t i = 0; i < bench->result.remark_count; i++) {
        if (bench->result.remarks[i].grade == GRADE_FAILED)
            return bench->result.remarks[i].clause->id;
    }
    return "none";
}

static void be(void **state, enum target_kind kind, const char *typ)
{
    struct bench *bench = *state;

    bench->target.kind = kind;
    json_decref(bench->target.policy);
    bench->target.policy = typ != NULL ? json_pack("{s:s}", "typ", typ) : NULL;
}

TEST(fails_stated_and_secondary_clauses_alike)
{
    struct bench *bench = *state;

    be(state, TARGET_FOREIGN, NULL);
    assert_int_equal(judge_text(state, "[{\"status\":401}]", 401, json_head, "{}"), GRADE_PASSED);
    assert_int_equal(judge_text(state, "[{\"status\":401}]", 200, json_head, list), GRADE_FAILED);
    assert_string_equal(failed_clause(state), "S1");
    assert_int_equal(
        judge_text(state, "[{\"clause\":\"D1\",\"status\":401}]", 400, json_head, "{}"),
        GRADE_FAILED);
    assert_string_equal(failed_clause(state), "D1");
    assert_int_equal(result_source(&bench->result), SOURCE_SECONDARY);
}

TEST(fails_only_the_secondary_half_over_another_figure_of_a_refusal)
{
    const struct {
        int status;
        enum clause_source source;
    } rows[] = {
        { 403, SOURCE_SECONDARY }, { 422, SOURCE_SECONDARY }, { 404, SOURCE_SECONDARY },
        { 200, SOURCE_STATED },    { 302, SOURCE_STATED },    { 500, SOURCE_STATED },
    };
    struct bench *bench = *state;

    be(state, TARGET_FOREIGN, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(judge_text(state, "[{\"status\":401}]", rows[i].status, json_head, list),
                         GRADE_FAILED);
        assert_string_equal(failed_clause(state), "S1");
        assert_int_equal(result_source(&bench->result), rows[i].source);
    }
}

TEST(only_observes_assumed_clauses_of_a_foreign_target)
{
    static const char *const assumed[] = {
        "[{\"clause\":\"A1\",\"status\":401}]",
        "[{\"clause\":\"A2\",\"status\":401}]",
        "[{\"clause\":\"S2\",\"policy\":{\"phone-format\":\"reject\"},\"status\":400}]",
    };

    be(state, TARGET_FOREIGN, NULL);
    for (size_t i = 0; i < sizeof assumed / sizeof *assumed; i++)
        assert_int_equal(judge_text(state, assumed[i], 200, json_head, list), GRADE_OBSERVED);
}

TEST(asserts_assumed_clauses_of_our_mock_if_the_value_is_in_force)
{
    static const char by_default[] = "[{\"clause\":\"A1\",\"status\":200}]";
    static const char by_value[] =
        "[{\"clause\":\"A1\",\"policy\":{\"typ\":\"reject\"},\"status\":401}]";

    be(state, TARGET_STARTED, "warn");
    assert_int_equal(judge_text(state, by_default, 401, json_head, "{}"), GRADE_FAILED);
    assert_int_equal(judge_text(state, by_value, 200, json_head, list), GRADE_OBSERVED);
    be(state, TARGET_OUR_MOCK, "reject");
    assert_int_equal(judge_text(state, by_default, 401, json_head, "{}"), GRADE_OBSERVED);
    assert_int_equal(judge_text(state, by_value, 200, json_head, list), GRADE_FAILED);
    be(state, TARGET_OUR_MOCK, NULL);
    assert_int_equal(judge_text(state, by_default, 401, json_head, "{}"), GRADE_OBSERVED);
    assert_int_equal(
        judge_text(state, "[{\"clause\":\"A2\",\"status\":404}]", 400, json_head, "{}"),
        GRADE_FAILED);
}

TEST(asserts_a_hint_of_our_mock_only)
{
    static const char hint[] = "[{\"status\":401},{\"hint\":\"typ-missing\"}]";
    static const char none[] = "[{\"status\":401},{\"hint\":null}]";
    char head[400];

    (void)snprintf(head, sizeof head, "%sX-Mock-Finding: J9 typ-missing; warned\r\n", json_head);
    be(state, TARGET_STARTED, "warn");
    assert_int_equal(judge_text(state, hint, 401, head, "{}"), GRADE_PASSED);
    assert_int_equal(judge_text(state, none, 401, head, "{}"), GRADE_FAILED);
    assert_int_equal(judge_text(state, hint, 401, json_head, "{}"), GRADE_FAILED);
    assert_int_equal(judge_text(state, none, 401, json_head, "{}"), GRADE_PASSED);
    be(state, TARGET_FOREIGN, NULL);
    assert_int_equal(judge_text(state, hint, 401, json_head, "{}"), GRADE_PASSED);
    /* A mock that somebody else started may be terse. */
    be(state, TARGET_OUR_MOCK, "warn");
    assert_int_equal(judge_text(state, hint, 401, json_head, "{}"), GRADE_PASSED);
}

TEST(judges_every_answer_by_its_request_id)
{
    static const char expects[] = "[{\"status\":401}]";

    be(state, TARGET_FOREIGN, NULL);
    assert_int_equal(judge_text(state, expects, 401, "", "{}"), GRADE_FAILED);
    assert_string_equal(failed_clause(state), "T4");
    assert_int_equal(judge_text(state, expects, 401, "X-Request-Id: 7\r\n", "{}"), GRADE_FAILED);
    assert_int_equal(judge_text(state, expects, 401,
                                "X-Request-Id: 0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa02\r\n"
                                "X-Request-Id: 0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa03\r\n",
                                "{}"),
                     GRADE_FAILED);
    assert_string_equal(failed_clause(state), "T4");
    assert_int_equal(judge_text(state, expects, 401,
                                "X-Request-Id: 0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa02\r\n"
                                "X-Request-Id: 0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa02\r\n",
                                "{}"),
                     GRADE_PASSED);
}

TEST(finds_a_repeated_request_id)
{
    struct bench *bench = *state;
    const struct judge judge = { &bench->catalog.clauses, &bench->target, &bench->ids, false };
    struct case_marks marks = { .run = NULL };

    be(state, TARGET_FOREIGN, NULL);
    assert_int_equal(judge_text(state, "[{\"status\":401}]", 401, json_head, "{}"), GRADE_PASSED);
    judge_case(&bench->result, &judge, &bench->trip, &marks);
    assert_string_equal(failed_clause(state), "T4");
}

TEST(judges_every_2xx_as_an_answer)
{
    static const char expects[] = "[{\"status\":\"2xx\"}]";

    be(state, TARGET_FOREIGN, NULL);
    assert_int_equal(judge_text(state, expects, 201, json_head, list), GRADE_PASSED);
    assert_int_equal(judge_text(state, expects, 200, json_head, "{}"), GRADE_FAILED);
    assert_string_equal(failed_clause(state), "R1");
    assert_int_equal(judge_text(state, expects, 200, json_head, "[{}]"), GRADE_FAILED);
    assert_string_equal(failed_clause(state), "R2");
    assert_int_equal(judge_text(state, expects, 200,
                                json_head + strlen("Content-Type: application"
                                                   "/json\r\n"),
                                list),
                     GRADE_FAILED);
    assert_string_equal(failed_clause(state), "R6");
}

TEST(warns_of_two_absent_members_on_a_foreign_target_and_fails_our_mock)
{
    static const char expects[] = "[{\"status\":\"2xx\"}]";
    static const char short_list[] =
        "[{\"id\":1,\"team_id\":2,\"contact_id\":3,\"channel_type\":\"email\",\"channel_id\":\"a\","
        "\"created\":\"2024-01-01T00:00:00Z\",\"updated\":\"2024-01-01T00:00:00Z\"}]";

    be(state, TARGET_FOREIGN, NULL);
    assert_int_equal(judge_text(state, expects, 200, json_head, short_list), GRADE_WARNED);
    be(state, TARGET_STARTED, "warn");
    assert_int_equal(judge_text(state, expects, 200, json_head, short_list), GRADE_FAILED);
    assert_string_equal(failed_clause(state), "R9");
}

TEST(judges_nothing_else_in_an_answer_of_another_class)
{
    struct bench *bench = *state;

    be(state, TARGET_STARTED, "warn");
    assert_int_equal(
        judge_text(state,
                   "[{\"status\":401},{\"clause\":\"D1\",\"at\":\"/error\",\"is\":\"x\"},"
                   "{\"hint\":\"expired\"}]",
                   200, json_head, list),
        GRADE_FAILED);
    assert_int_equal(bench->result.remark_count, 1);
    assert_int_equal(
        judge_text(state, "[{\"status\":401},{\"clause\":\"D1\",\"at\":\"/error\",\"is\":\"x\"}]",
                   400, json_head, "{}"),
        GRADE_FAILED);
    assert_int_equal(bench->result.remark_count, 2);
}

TEST(fails_a_request_without_an_answer)
{
    struct bench *bench = *state;

    be(state, TARGET_FOREIGN, NULL);
    assert_int_equal(judge_text(state, "[{\"holds\":\"sent\"},{\"status\":200}]", 0, "", ""),
                     GRADE_FAILED);
    assert_int_equal(bench->result.remark_count, 1);
    assert_int_equal(judge_text(state, "[{\"clause\":\"A2\",\"status\":413}]", 0, "", ""),
                     GRADE_OBSERVED);
}

TEST(excuses_what_the_case_expected_and_nothing_else)
{
    struct bench *bench = *state;

    be(state, TARGET_FOREIGN, NULL);
    assert_int_equal(judge_text(state, "[{\"status\":401}]", 200, json_head, list), GRADE_FAILED);
    judge_excuse(&bench->result, clause_find(&bench->catalog.clauses, "A1"));
    assert_int_equal(bench->result.grade, GRADE_OBSERVED);
    assert_int_equal(judge_text(state, "[{\"status\":401}]", 200, json_head, "{}"), GRADE_FAILED);
    judge_excuse(&bench->result, clause_find(&bench->catalog.clauses, "A1"));
    assert_int_equal(bench->result.grade, GRADE_FAILED);
}

TEST(exits_with_the_most_serious_code)
{
    struct result results[3] = { { .grade = GRADE_PASSED }, { .grade = GRADE_SKIPPED } };
    struct suite_run run = { .result_count = 3, .results = results };
    struct verdict verdict;

    verdict_make(&verdict, &run);
    assert_int_equal(verdict.exit_code, EXIT_GOOD);
    results[2].grade = GRADE_WARNED;
    verdict_make(&verdict, &run);
    assert_int_equal(verdict.exit_code, EXIT_GOOD);
    run.options.is_strict = true;
    verdict_make(&verdict, &run);
    assert_int_equal(verdict.exit_code, EXIT_FELL_SHORT);
    results[2].grade = GRADE_FAILED;
    verdict_make(&verdict, &run);
    assert_int_equal(verdict.exit_code, EXIT_FELL_SHORT);
    run.stop = STOP_NOT_REACHABLE;
    verdict_make(&verdict, &run);
    assert_int_equal(verdict.exit_code, EXIT_NOT_REACHABLE);
    run.stop = STOP_CREDENTIALS;
    verdict_make(&verdict, &run);
    assert_int_equal(verdict.exit_code, EXIT_CREDENTIALS);
    results[2].grade = GRADE_BROKEN;
    verdict_make(&verdict, &run);
    assert_int_equal(verdict.exit_code, EXIT_OUR_FAULT);
    results[2].grade = GRADE_PASSED;
    run.stop = STOP_NO_ANSWER;
    verdict_make(&verdict, &run);
    assert_int_equal(verdict.exit_code, EXIT_OUTCOME_UNKNOWN);
    run.stop = STOP_SERVER_ERROR;
    verdict_make(&verdict, &run);
    assert_int_equal(verdict.exit_code, EXIT_FELL_SHORT);
}

ALL_TESTS_WITHIN(bench_setup, bench_teardown)
