#include "tests/suite_test.h"

#include "judge/baseline.h"
#include "support/file.h"
#include "tests/temporary.h"
#include <stdlib.h>
#include <string.h>
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

static void refuses_unknown_members_and_names_the_place(void **state)
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

static void refuses_invalid_dates(void **state)
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

static void accepts_what_is_listed_until_its_date(void **state)
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

static void accepts_nothing_else(void **state)
{
    struct bench *bench = *state;

    list(bench, "2024-04-16");
    judged(bench, "S1", "D1");
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_FAILED);
    assert_int_equal(bench->result.remark_count, 2);
}

static void fails_an_entry_that_no_longer_fails(void **state)
{
    struct bench *bench = *state;

    list(bench, "2024-04-16");
    judged(bench, NULL, NULL);
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_FAILED);
    assert_true(bench->result.remarks[0].is_stale);
}

static void ignores_cases_that_were_not_run(void **state)
{
    struct bench *bench = *state;

    list(bench, "2000-01-01");
    judged(bench, NULL, NULL);
    result_decide(&bench->result, GRADE_SKIPPED, "not run");
    baseline_apply(&bench->baseline, &bench->result, false);
    assert_int_equal(bench->result.grade, GRADE_SKIPPED);
}

static void accepts_listed_warnings_with_strict(void **state)
{
    struct bench *bench = *state;

    list(bench, "2024-04-16");
    judged(bench, "S1", NULL);
    bench->result.remarks[0].grade = bench->result.grade = GRADE_WARNED;
    baseline_apply(&bench->baseline, &bench->result, true);
    assert_int_equal(bench->result.grade, GRADE_KNOWN);
}

#define BENCHED(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCHED(refuses_unknown_members_and_names_the_place),
        BENCHED(refuses_invalid_dates),
        BENCHED(accepts_what_is_listed_until_its_date),
        BENCHED(accepts_nothing_else),
        BENCHED(fails_an_entry_that_no_longer_fails),
        BENCHED(ignores_cases_that_were_not_run),
        BENCHED(accepts_listed_warnings_with_strict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
