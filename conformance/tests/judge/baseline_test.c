#include "tests/suite_test.h"

#include "judge/baseline.h"
#include "support/file.h"
#include "tests/temporary.h"
#include <unistd.h>

enum { NOW = 1713225600 }; /* 2024-04-16 */

struct bench {
    struct catalog catalog;
    struct baseline baseline;
    struct result result;
    char path[TEMPORARY_PATH];
};

static int bench_setup(void **state)
{
    const struct fixtures from = { TEST_FIXTURES };
    struct bench *bench = calloc(1, sizeof *bench);

    *state = bench;
    if (bench == NULL || catalog_load(&bench->catalog, &from, NULL) != HM_OK)
        return -1;
    return temporary_file(bench->path) ? 0 : -1;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;

    (void)unlink(bench->path);
    result_fini(&bench->result);
    baseline_fini(&bench->baseline);
    catalog_fini(&bench->catalog);
    free(bench);
    return 0;
}

static enum hm_code load(struct bench *bench, const char *text, struct hm_error *err)
{
    baseline_fini(&bench->baseline);
    assert_int_equal(file_write(bench->path, text, strlen(text), NULL), HM_OK);
    return baseline_load(&bench->baseline, bench->path, &bench->catalog, NOW, err);
}

static void refuses(struct bench *bench, const char *text, const char *complaint)
{
    struct hm_error err = { 0 };

    assert_int_equal(load(bench, text, &err), HM_BAD_INPUT);
    if (strstr(err.text, complaint) == NULL) {
        print_error("found    %s\nexpected %s\n", err.text, complaint);
        fail();
    }
}

TEST(refuses_unknown_members_and_names_the_place)
{
    struct bench *bench = *state;

    refuses(bench, "{\"v\":1}", ":1:1: ");
    refuses(bench, "{\"v\":2,\"known\":[]}", ":1:6: /v: found 2, expected 1");
    refuses(bench, "{\"v\":1,\"known\":[],\"more\":1}", ":1:19: /more: ");
    refuses(bench,
            "{\"v\":1,\"known\":[\n {\"case\":\"S1-plan\",\"clause\":\"S1\",\"reason\":\"r\","
            "\"until\":\"2024-04-16\"}]}",
            ":2:10: /known/0/case: there is no case S1-plan; did you mean S1-plain?");
    refuses(bench,
            "{\"v\":1,\"known\":[{\"case\":\"S1-plain\",\"clause\":\"S9\",\"reason\":\"r\","
            "\"until\":\"2024-04-16\"}]}",
            "/known/0/clause: there is no clause S9");
    refuses(bench,
            "{\"v\":1,\"known\":[{\"case\":\"S1-plain\",\"clause\":\"S1\",\"reason\":\"\","
            "\"until\":\"2024-04-16\"}]}",
            "/known/0/reason: found an empty string");
    refuses(bench,
            "{\"v\":1,\"known\":[{\"case\":\"S1-plain\",\"clause\":\"S1\",\"reason\":\"r\","
            "\"until\":\"2024-04-16\"},{\"case\":\"S1-plain\",\"clause\":\"S1\",\"reason\":\"r\","
            "\"until\":\"2024-04-17\"}]}",
            "/known/1: found S1-plain and S1 twice, expected them once");
}

TEST(refuses_invalid_dates)
{
    static const char *const days[] = { "2023-02-29", "2024-04-31", "2024-13-01",  "2024-00-01",
                                        "2024-1-01",  "1900-02-29", "2024-04-16T", "" };
    struct bench *bench = *state;
    char text[256];

    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        (void)snprintf(text, sizeof text,
                       "{\"v\":1,\"known\":[{\"case\":\"S1-plain\",\"clause\":\"S1\","
                       "\"reason\":\"r\",\"until\":\"%s\"}]}",
                       days[i]);
        refuses(bench, text, "expected a date, YYYY-MM-DD");
    }
}

/* The result of S1-plain, which fails for the given clauses. */
static void judged(struct bench *bench, const char *one, const char *other)
{
    const char *const clauses[] = { one, other };
    struct remark remark = { .grade = GRADE_FAILED };

    result_fini(&bench->result);
    bench->result.test = catalog_find(&bench->catalog, "S1-plain");
    bench->result.grade = GRADE_PASSED;
    for (size_t i = 0; i < 2; i++) {
        remark.clause =
            clauses[i] != NULL ? clause_find(&bench->catalog.clauses, clauses[i]) : NULL;
        if (clauses[i] != NULL)
            assert_true(result_add(&bench->result, &remark, "a", "b"));
    }
}

static void list(struct bench *bench, const char *until)
{
    char text[256];

    (void)snprintf(text, sizeof text,
                   "{\"v\":1,\"known\":[{\"case\":\"S1-plain\",\"clause\":\"S1\","
                   "\"reason\":\"a ticket\",\"until\":\"%s\"}]}",
                   until);
    assert_int_equal(load(bench, text, NULL), HM_OK);
}

TEST(accepts_what_is_listed_until_its_date)
{
    struct bench *bench = *state;

    list(bench, "2024-04-16");
    judged(bench, "S1", NULL);
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_KNOWN);
    assert_string_equal(bench->result.reason, "S1: a ticket (until 2024-04-16)");
    list(bench, "2024-04-15");
    judged(bench, "S1", NULL);
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_FAILED);
}

TEST(accepts_nothing_else)
{
    struct bench *bench = *state;

    list(bench, "2024-04-16");
    judged(bench, "S1", "D1");
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_FAILED);
    assert_int_equal(bench->result.remark_count, 2);
}

TEST(fails_an_entry_that_no_longer_fails)
{
    struct bench *bench = *state;

    list(bench, "2024-04-16");
    judged(bench, NULL, NULL);
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_FAILED);
    assert_true(bench->result.remarks[0].is_stale);
}

/* What only the whole run shows is judged after the first look at the baseline. */
TEST(looks_again_after_more_remarks)
{
    struct bench *bench = *state;
    const struct remark late = { .grade = GRADE_FAILED,
                                 .clause = clause_find(&bench->catalog.clauses, "S1") };

    list(bench, "2024-04-16");
    judged(bench, NULL, NULL);
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_true(result_add(&bench->result, &late, "a", "b"));
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_KNOWN);
    assert_int_equal(bench->result.remark_count, 1);
}

TEST(ignores_cases_that_were_not_run)
{
    struct bench *bench = *state;

    list(bench, "2000-01-01");
    judged(bench, NULL, NULL);
    result_decide(&bench->result, GRADE_SKIPPED, "not run");
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_SKIPPED);
}

/* Results of S1-plain, which fails for S1 and D1, and of S1-other, where D1 holds. */
static void judged_two(struct bench *bench, struct result results[2])
{
    judged(bench, "S1", "D1");
    results[0] = bench->result;
    memset(&bench->result, 0, sizeof bench->result);
    results[1].test = catalog_find(&bench->catalog, "S1-other");
    results[1].grade = GRADE_PASSED;
    assert_true(result_hold(&results[1], clause_find(&bench->catalog.clauses, "D1")));
}

static void list_many(struct bench *bench, const char *pattern, const char *clause,
                      const char *until)
{
    char text[256];

    (void)snprintf(text, sizeof text,
                   "{\"v\":1,\"known\":[{\"case\":\"%s\",\"clause\":\"%s\","
                   "\"reason\":\"a ticket\",\"until\":\"%s\"}]}",
                   pattern, clause, until);
    assert_int_equal(load(bench, text, NULL), HM_OK);
}

/* Applies the baseline to two results as a run does; returns their grades. */
static void run_two(struct bench *bench, bool is_whole, enum grade grades[2], size_t *stale_count)
{
    struct result results[2] = { { .test = NULL }, { .test = NULL } };

    judged_two(bench, results);
    for (size_t i = 0; i < 2; i++)
        baseline_apply(&bench->baseline, &results[i], false);
    baseline_finish(&bench->baseline, results, 2, is_whole);
    *stale_count = 0;
    for (size_t i = 0; i < 2; i++) {
        grades[i] = results[i].grade;
        for (size_t j = 0; j < results[i].remark_count; j++)
            *stale_count += results[i].remarks[j].is_stale;
        result_fini(&results[i]);
    }
}

TEST(accepts_a_whole_clause)
{
    struct bench *bench = *state;
    enum grade grades[2];
    size_t stale;

    /* D1 is accepted everywhere, S1 still fails. */
    list_many(bench, "*", "D1", "2024-04-16");
    run_two(bench, true, grades, &stale);
    assert_int_equal(grades[0], GRADE_FAILED);
    assert_int_equal(grades[1], GRADE_PASSED);
    assert_int_equal(stale, 0);
    judged(bench, "D1", NULL);
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_KNOWN);
    assert_string_equal(bench->result.reason, "D1: a ticket (until 2024-04-16)");
    judged(bench, "S1", "D1");
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.remarks[0].grade, GRADE_FAILED);
    assert_int_equal(bench->result.remarks[1].grade, GRADE_KNOWN);
    assert_string_equal(bench->result.remarks[1].known->reason, "a ticket");
}

TEST(fails_an_entry_for_many_cases_once)
{
    struct bench *bench = *state;
    enum grade grades[2];
    size_t stale;

    /* past its date, and still failing */
    list_many(bench, "S1-*", "D1", "2024-04-15");
    run_two(bench, false, grades, &stale);
    assert_int_equal(grades[0], GRADE_FAILED);
    assert_int_equal(stale, 1);
    /* no case of the pattern fails for it, and one shows that it holds */
    list_many(bench, "S1-oth*", "D1", "2024-04-16");
    run_two(bench, true, grades, &stale);
    assert_int_equal(grades[1], GRADE_FAILED);
    assert_int_equal(stale, 1);
    /* a part of the cases shows nothing */
    run_two(bench, false, grades, &stale);
    assert_int_equal(grades[1], GRADE_PASSED);
    assert_int_equal(stale, 0);
    /* nor does a clause that no case judged */
    list_many(bench, "*", "A2", "2024-04-16");
    run_two(bench, true, grades, &stale);
    assert_int_equal(stale, 0);
}

TEST(refuses_a_pattern_without_cases)
{
    refuses(*state,
            "{\"v\":1,\"known\":[{\"case\":\"S9-*\",\"clause\":\"S1\",\"reason\":\"r\","
            "\"until\":\"2024-04-16\"}]}",
            "/known/0/case: there is no case S9-*");
}

TEST(leaves_out_a_skipped_clause)
{
    static const char *skipped[] = { "S1" };
    const struct option_texts skip = { 1, skipped };
    const struct option_texts none = { 0, NULL };
    struct bench *bench = *state;

    assert_int_equal(catalog_choose(&bench->catalog, &none, &skip, NULL), HM_OK);
    list(bench, "2000-01-01"); /* of S1: neither known nor stale */
    judged(bench, "S1", "D1");
    assert_int_equal(bench->result.remark_count, 1);
    assert_string_equal(bench->result.remarks[0].clause->id, "D1");
    assert_true(result_hold(&bench->result, clause_find(&bench->catalog.clauses, "S1")));
    assert_int_equal(bench->result.held_count, 0);
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.remark_count, 1);
}

TEST(fails_warnings_of_a_strict_clause)
{
    static const char *strict[] = { "", "S1,T4" };
    static const char *unknown[] = { "S1,S9" };
    const struct option_texts clauses = { 2, strict };
    const struct option_texts wrong = { 1, unknown };
    struct remark remark = { .grade = GRADE_WARNED };
    struct bench *bench = *state;

    assert_int_equal(catalog_be_strict(&bench->catalog, &wrong, NULL), HM_BAD_ARGUMENT);
    assert_int_equal(catalog_be_strict(&bench->catalog, &clauses, NULL), HM_OK);
    remark.clause = clause_find(&bench->catalog.clauses, "D1");
    assert_true(result_add(&bench->result, &remark, "a", "b"));
    assert_int_equal(bench->result.grade, GRADE_WARNED);
    remark.clause = clause_find(&bench->catalog.clauses, "S1");
    assert_true(result_add(&bench->result, &remark, "a", "b"));
    assert_int_equal(bench->result.grade, GRADE_FAILED);
    assert_int_equal(bench->result.remarks[1].grade, GRADE_FAILED);
}

TEST(accepts_listed_warnings_with_strict)
{
    struct bench *bench = *state;

    list(bench, "2024-04-16");
    judged(bench, "S1", NULL);
    bench->result.remarks[0].grade = bench->result.grade = GRADE_WARNED;
    baseline_apply(&bench->baseline, &bench->result, true);
    assert_int_equal(bench->result.grade, GRADE_KNOWN);
}

EACH_TEST_WITHIN(bench_setup, bench_teardown)
