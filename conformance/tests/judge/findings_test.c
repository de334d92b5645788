#include "tests/suite_test.h"

#include "cases/catalog.h"
#include "judge/findings.h"

enum { CASES = 5 };

struct bench {
    struct catalog catalog;
    struct result results[CASES];
    struct findings findings;
};

static int bench_setup(void **state)
{
    const struct fixtures from = { TEST_FIXTURES };
    const struct option_texts all = { 0, NULL };
    struct bench *bench = calloc(1, sizeof *bench);

    *state = bench;
    if (bench == NULL || catalog_load(&bench->catalog, &from, NULL) != HM_OK ||
        catalog_choose(&bench->catalog, &all, &all, NULL) != HM_OK ||
        bench->catalog.chosen_count != CASES)
        return -1;
    for (size_t i = 0; i < CASES; i++) {
        bench->results[i].test = bench->catalog.chosen[i];
        bench->results[i].grade = GRADE_PASSED;
    }
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;

    findings_fini(&bench->findings);
    for (size_t i = 0; i < CASES; i++)
        result_fini(&bench->results[i]);
    catalog_fini(&bench->catalog);
    free(bench);
    return 0;
}

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order of the tables */
struct row {
    size_t index; /* of the case */
    enum grade grade;
    const char *clause;
    bool is_automatic;
    size_t step;
    const char *expected;
    const char *actual;
};

static void add(struct bench *bench, const struct row *row)
{
    const struct remark remark = {
        .grade = row->grade,
        .clause = row->clause != NULL ? clause_find(&bench->catalog.clauses, row->clause) : NULL,
        .is_automatic = row->is_automatic,
        .step = row->step,
    };

    assert_true(result_add(&bench->results[row->index], &remark, row->expected, row->actual));
}

static void gather(struct bench *bench)
{
    findings_fini(&bench->findings);
    assert_true(findings_make(&bench->findings, bench->results, CASES));
}

static const char *id(const struct bench *bench, size_t index)
{
    return bench->results[index].test->id;
}

/* Pairs of remarks in two cases: one deviation, or two? */
static const struct {
    const char *name;
    const char *clause;
    const char *expected[2];
    const char *actual[2];
    size_t count;
} pairs[] = {
    { "the body is not the difference",
      "S1",
      { "status 401", "status 401" },
      { "status 200, body [{\"id\":1}]", "status 200, body []" },
      1 },
    { "another status is",
      "S1",
      { "status 401", "status 401" },
      { "status 200, body []", "status 403, body []" },
      2 },
    { "so is another expected status",
      "S1",
      { "status 401", "status 400" },
      { "status 500", "status 500" },
      2 },
    { "a missing header is missing whatever the status",
      "T4",
      { "header X-Request-Id, a UUID", "header X-Request-Id, a UUID" },
      { "status 200 without it", "status 404 without it" },
      1 },
    { "a wrong header is wrong whatever its value",
      "T4",
      { "header X-Request-Id, a UUID", "header X-Request-Id, a UUID" },
      { "X-Request-Id: abcdef", "X-Request-Id: ghijkl" },
      1 },
    { "a wrong header is not a missing one",
      "T4",
      { "header X-Request-Id, a UUID", "header X-Request-Id, a UUID" },
      { "X-Request-Id: abcdef", "status 200 without it" },
      2 },
    { "ids and names of cases are examples",
      "T4",
      { "a new X-Request-Id for each answer", "a new X-Request-Id for each answer" },
      { "1a11dea8-d7e8-4cdd-9ce6-102cea69b89f, which was already in an answer of case B1-a",
        "63a6a4f4-fca4-4c5e-9075-9e7640184b5d, which was already in an answer of case R3-long" },
      1 },
    { "numbers, also of one and of many",
      "R1",
      { "a list of 5 channels: step 1's 4 and 1 more",
        "a list of 1 channel: step 2's 0 and 1 more" },
      { "a list of 4 channels", "a list of 1 channel" },
      1 },
    { "strings, whatever is in them",
      "R1",
      { "a list that contains channel \"email\" \"a\\\"b, body \"",
        "a list that contains channel \"x\" \"\"" },
      { "a list of 3 that contains it 0 times: [{\"id\":7}]",
        "a list of 9 that contains it 0 times: []" },
      1 },
    { "the place in a list",
      "R2",
      { "a response as [R2] requires", "a response as [R2] requires" },
      { "/0/id is a string, an integer was expected",
        "/12/id is a string, an integer was expected" },
      1 },
    { "not the member",
      "R2",
      { "a response as [R2] requires", "a response as [R2] requires" },
      { "/0/id is absent, an integer was expected",
        "/0/team_id is absent, an integer was expected" },
      2 },
    { "the milliseconds of a timeout",
      NULL,
      { "status 401", "status 401" },
      { "no answer: timed out after 10001 ms", "no answer: timed out after 10004 ms" },
      1 },
};

TEST(one_deviation_is_one_finding)
{
    struct bench *bench = *state;
    size_t failed = 0;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        for (size_t j = 0; j < 2; j++) {
            const struct row row = { j, GRADE_FAILED,         pairs[i].clause,   true,
                                     0, pairs[i].expected[j], pairs[i].actual[j] };

            result_fini(&bench->results[j]);
            bench->results[j].test = bench->catalog.chosen[j];
            add(bench, &row);
        }
        gather(bench);
        if (bench->findings.count == pairs[i].count)
            continue;
        print_message("%s: %zu findings\n", pairs[i].name, bench->findings.count);
        failed++;
    }
    assert_int_equal(failed, 0);
}

/* In the order that a reader needs, with the first case and the number of cases. */
TEST(the_most_serious_is_first)
{
    static const struct row rows[] = {
        { 0, GRADE_FAILED, "T4", true, 0, "header X", "status 200 without it" },
        { 1, GRADE_FAILED, "T4", true, 0, "header X", "status 401 without it" },
        { 2, GRADE_FAILED, "T4", true, 0, "header X", "status 401 without it" },
        { 2, GRADE_FAILED, "T4", true, 1, "header X", "status 401 without it" },
        { 1, GRADE_WARNED, "S1", false, 0, "status 400", "status 422" },
        { 1, GRADE_FAILED, "S2", false, 0, "status 401", "status 200" },
        { 2, GRADE_FAILED, "S1", false, 0, "status 401", "status 200" },
        { 3, GRADE_FAILED, "S1", false, 0, "status 401", "status 200, body []" },
        { 3, GRADE_FAILED, NULL, false, 0, "an answer", "none" },
        { 3, GRADE_OBSERVED, "A1", false, 0, "status 401", "status 200" },
    };
    static const struct {
        enum grade grade;
        const char *clause;
        size_t count;
        size_t first;
    } expected[] = {
        { GRADE_BROKEN, NULL, 1, 4 }, { GRADE_FAILED, "S1", 2, 2 }, { GRADE_FAILED, "S2", 1, 1 },
        { GRADE_FAILED, "T4", 3, 0 }, { GRADE_FAILED, NULL, 1, 3 }, { GRADE_WARNED, "S1", 1, 1 },
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add(bench, &rows[i]);
    result_decide(&bench->results[4], GRADE_BROKEN, "out of memory");
    gather(bench);
    assert_int_equal(bench->findings.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < bench->findings.count; i++) {
        const struct finding *finding = &bench->findings.at[i];

        assert_int_equal(finding->number, i + 1);
        assert_int_equal(finding->grade, expected[i].grade);
        assert_int_equal(finding->count, expected[i].count);
        assert_string_equal(finding->first->test->id, id(bench, expected[i].first));
        if (expected[i].clause != NULL)
            assert_string_equal(finding->clause->id, expected[i].clause);
        else
            assert_null(finding->clause);
    }
    assert_true(finding_has(&bench->findings.at[3], &bench->results[2]));
    assert_false(finding_has(&bench->findings.at[3], &bench->results[3]));
    assert_true(finding_has(&bench->findings.at[0], &bench->results[4]));
    assert_int_equal(finding_gravest(&bench->results[2]), 2);
    assert_int_equal(finding_gravest(&bench->results[4]), 1);
}

/* What a case itself expects of the same step is the deviation that every answer shows. */
TEST(an_automatic_remark_speaks_for_the_others)
{
    static const struct row rows[] = {
        { 0, GRADE_FAILED, "T4", false, 0, "header X-Request-Id of the form uuid",
          "status 401 without" },
        { 0, GRADE_FAILED, "T4", true, 0, "header X-Request-Id, a UUID", "status 401 without it" },
        { 1, GRADE_FAILED, "T4", true, 0, "header X-Request-Id, a UUID", "status 200 without it" },
        { 1, GRADE_FAILED, "T4", false, 1, "status 401", "status 200" },
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add(bench, &rows[i]);
    gather(bench);
    assert_int_equal(bench->findings.count, 2);
    assert_int_equal(bench->findings.at[0].count, 2);
    assert_string_equal(bench->findings.at[0].remark->expected, "header X-Request-Id, a UUID");
    assert_int_equal(bench->results[0].remarks[0].finding, 1);
    assert_int_equal(bench->results[1].remarks[1].finding, 2);
}

TEST(a_run_without_findings_is_fine)
{
    struct bench *bench = *state;

    gather(bench);
    assert_int_equal(bench->findings.count, 0);
    assert_int_equal(finding_gravest(&bench->results[0]), 0);
}

EACH_TEST_WITHIN(bench_setup, bench_teardown)
