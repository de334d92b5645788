#include "tests/suite_test.h"

#include "judge/result.h"
#include "report/matrix.h"
#include "report/report_html.h"
#include "report/report_json.h"
#include "report/report_junit.h"
#include "report/report_tap.h"
#include "report/report_text.h"
#include "report/verdict.h"

/* Text of a server that tries to break every format. */
#define EVIL "</pre>]]><b title=\"x\">&\x1b[31m"

/* A made-up run of the test fixtures: one result of each grade. */
struct bench {
    struct catalog catalog;
    struct suite_run run;
    struct verdict verdict;
    struct buf out;
};

static void remark(struct bench *bench, size_t index, enum grade grade, const char *clause,
                   const char *actual)
{
    const struct remark added = {
        .grade = grade,
        .clause = clause != NULL ? clause_find(&bench->catalog.clauses, clause) : NULL,
    };

    assert_true(result_add(&bench->run.results[index], &added, "status 2xx", actual));
}

static int bench_setup(void **state)
{
    const struct fixtures from = { TEST_FIXTURES };
    const struct option_texts all = { 0, NULL };
    struct bench *bench = calloc(1, sizeof *bench);

    *state = bench;
    if (bench == NULL || catalog_load(&bench->catalog, &from, NULL) != HM_OK ||
        catalog_choose(&bench->catalog, &all, &all, NULL) != HM_OK)
        return -1;
    bench->run.catalog = &bench->catalog;
    bench->run.started_s = 1713225600;
    bench->run.time_ms = 1500;
    bench->run.result_count = bench->catalog.chosen_count;
    bench->run.results = calloc(bench->run.result_count, sizeof *bench->run.results);
    memcpy(bench->run.marks.run, "deadbeef", sizeof "deadbeef");
    (void)snprintf(bench->run.target_text, sizeof bench->run.target_text, "a target <&>");
    for (size_t i = 0; i < bench->run.result_count; i++) {
        bench->run.results[i].test = bench->catalog.chosen[i];
        bench->run.results[i].grade = GRADE_SKIPPED;
    }
    buf_init(&bench->out, (size_t)1024 * 1024);
    return bench->run.result_count == 5 ? 0 : -1;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;

    for (size_t i = 0; i < bench->run.result_count; i++)
        result_fini(&bench->run.results[i]);
    findings_fini(&bench->run.findings);
    free(bench->run.results);
    buf_fini(&bench->out);
    catalog_fini(&bench->catalog);
    free(bench);
    return 0;
}

static void gather(struct bench *bench)
{
    findings_fini(&bench->run.findings);
    assert_true(findings_make(&bench->run.findings, bench->run.results, bench->run.result_count));
}

/* A1-hint skipped, A1-second observed, S1-plain passed, S1-other failed, S1-steps known. */
static void fill(struct bench *bench)
{
    struct result *results = bench->run.results;

    result_decide(&results[0], GRADE_SKIPPED, "only about our mock");
    remark(bench, 1, GRADE_OBSERVED, "A1", "status 201, body [...]");
    result_raise(&results[2], GRADE_PASSED);
    assert_true(result_hold(&results[2], results[2].test->file->clause));
    remark(bench, 3, GRADE_WARNED, "S1", "a warning");
    remark(bench, 3, GRADE_FAILED, "S1", "status 500, body " EVIL);
    remark(bench, 3, GRADE_FAILED, NULL, "no answer");
    results[3].repeat = strdup("curl -sS '" EVIL "'\n");
    remark(bench, 4, GRADE_KNOWN, "D1", "something else");
    result_decide(&results[4], GRADE_KNOWN, "D1: accepted (until 2999-12-31)");
    gather(bench);
    verdict_make(&bench->verdict, &bench->run);
}

static void has(const struct bench *bench, const char *text)
{
    if (strstr(buf_text(&bench->out), text) == NULL) {
        print_error("lacks %s\nin %s\n", text, buf_text(&bench->out));
        fail();
    }
}

static void lacks(const struct bench *bench, const char *text)
{
    assert_null(strstr(buf_text(&bench->out), text));
}

TEST(counts_a_clause_by_the_highest_grade_of_each_case)
{
    struct bench *bench = *state;
    const struct matrix_row *row = NULL;
    struct matrix matrix;

    fill(bench);
    assert_true(matrix_make(&matrix, &bench->run));
    for (size_t i = 0; i < matrix.count; i++) {
        row = &matrix.rows[i];
        if (strcmp(row->clause->id, "S1") == 0) {
            assert_int_equal(row->grade, GRADE_FAILED);
            assert_int_equal(row->cases[GRADE_FAILED], 1);
            assert_int_equal(row->cases[GRADE_WARNED], 0);
            assert_int_equal(row->cases[GRADE_PASSED], 1);
            assert_string_equal(row->worst->test->id, "S1-other");
        } else if (strcmp(row->clause->id, "D1") == 0) {
            assert_int_equal(row->grade, GRADE_KNOWN); /* its failure is listed */
            assert_int_equal(row->cases[GRADE_KNOWN], 1);
        } else if (strcmp(row->clause->id, "A1") == 0) {
            assert_int_equal(row->grade, GRADE_OBSERVED);
            assert_int_equal(row->cases[GRADE_SKIPPED], 1);
        } else {
            assert_true(row->is_silent);
        }
    }
    matrix_fini(&matrix);
}

TEST(writes_junit_as_viewers_read_it)
{
    struct bench *bench = *state;

    fill(bench);
    report_junit(&bench->out, &bench->run, &bench->verdict);
    assert_true(buf_ok(&bench->out));
    has(bench, "<testsuites name=\"heymarket-conformance\" tests=\"5\" failures=\"1\" errors=\"0\" "
               "time=\"1.500\">");
    has(bench, " skipped=\"1\" timestamp=\"2024-04-16T00:00:00\"");
    has(bench, "name=\"S1-plain: what the file says\" classname=\"heymarket.");
    has(bench, "<skipped message=\"only about our mock\"/>");
    has(bench, "<skipped message=\"D1: accepted (until 2999-12-31)\"/>");
    has(bench, "<failure message=\"S1: expected status 2xx, actual status 500, body "
               "&lt;/pre&gt;]]&gt;&lt;b title=&quot;x&quot;&gt;&amp;\\x1B[31m\" type=\"S1\">");
    has(bench, "actual   no answer\n");
    has(bench, "curl -sS &#39;&lt;/pre&gt;");
    has(bench, "actual   status 201, body [...]\n</system-out>");
    lacks(bench, "\x1b");
    lacks(bench, "heymarket.run");
}

TEST(shows_a_run_that_never_began_as_an_error)
{
    struct bench *bench = *state;

    bench->run.stop = STOP_CREDENTIALS;
    verdict_make(&bench->verdict, &bench->run);
    report_junit(&bench->out, &bench->run, &bench->verdict);
    has(bench, "tests=\"6\" failures=\"0\" errors=\"1\" time=");
    has(bench, "classname=\"heymarket.run\"");
    has(bench, "type=\"CREDENTIALS REFUSED\"/>");
}

TEST(counts_warnings_as_failures_when_strict)
{
    struct bench *bench = *state;

    remark(bench, 2, GRADE_WARNED, "S1", "a warning");
    gather(bench);
    verdict_make(&bench->verdict, &bench->run);
    report_junit(&bench->out, &bench->run, &bench->verdict);
    has(bench, "failures=\"0\"");
    has(bench, "actual   a warning\n</system-out>");
    buf_clear(&bench->out);
    bench->run.options.is_strict = true;
    verdict_make(&bench->verdict, &bench->run);
    report_junit(&bench->out, &bench->run, &bench->verdict);
    has(bench, "failures=\"1\"");
    has(bench, "<failure message=\"S1: expected status 2xx, actual a warning\" type=\"S1\">");
}

TEST(writes_every_result_into_json)
{
    struct bench *bench = *state;
    json_t *remarks;

    fill(bench);
    report_json(&bench->out, &bench->run, &bench->verdict);
    json_t *document = json_loadb(buf_text(&bench->out), bench->out.length, 0, NULL);
    assert_non_null(document);
    json_t *test = json_array_get(json_object_get(document, "cases"), 3);
    remarks = json_object_get(test, "remarks");
    assert_string_equal(json_string_value(json_object_get(test, "result")), "failed");
    assert_int_equal(json_array_size(remarks), 3);
    assert_true(json_is_null(json_object_get(json_array_get(remarks, 2), "clause")));
    assert_string_equal(json_string_value(json_object_get(json_array_get(remarks, 1), "actual")),
                        "status 500, body " EVIL);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(document, "counts"), "known")), 1);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(document, "verdict"), "word")), "FAILED");
    json_decref(document);
    has(bench, "\"started\": \"2024-04-16T00:00:00Z\"");
}

TEST(says_how_much_was_judged)
{
    struct bench *bench = *state;

    result_raise(&bench->run.results[2], GRADE_PASSED);
    remark(bench, 1, GRADE_OBSERVED, "A1", "status 201");
    verdict_make(&bench->verdict, &bench->run);
    assert_string_equal(bench->verdict.word, "PASSED");
    assert_string_equal(bench->verdict.detail, "1 of 5 judged, 1 observed, 3 skipped");
    assert_non_null(strstr(bench->verdict.warning, "only 1 of 5 cases were judged"));
    assert_int_equal(bench->verdict.exit_code, EXIT_GOOD);
    bench->run.options.min_judged = 1;
    verdict_make(&bench->verdict, &bench->run);
    assert_int_equal(bench->verdict.exit_code, EXIT_GOOD);
    bench->run.options.min_judged = 2;
    verdict_make(&bench->verdict, &bench->run);
    assert_int_equal(bench->verdict.exit_code, EXIT_FELL_SHORT);
    assert_string_equal(bench->verdict.word, "FAILED");
    assert_non_null(strstr(bench->verdict.detail, "only 1 of 5 cases were judged, --min-judged"));
    assert_string_equal(bench->verdict.warning, "");
}

TEST(warns_of_less_than_the_plan)
{
    static bool has_room[5] = { true, true, true, true, true };
    struct bench *bench = *state;

    for (size_t i = 0; i < 4; i++)
        result_raise(&bench->run.results[i], GRADE_PASSED);
    bench->run.plan.has_room = has_room;
    bench->run.plan.case_count = 4;
    verdict_make(&bench->verdict, &bench->run);
    assert_string_equal(bench->verdict.warning, "");
    bench->run.plan.case_count = 5;
    verdict_make(&bench->verdict, &bench->run);
    assert_non_null(strstr(bench->verdict.warning, "only 4 of the 5 planned cases were run"));
    assert_int_equal(bench->verdict.exit_code, EXIT_GOOD);
}

/* The same failure in two cases. */
static void fill_alike(struct bench *bench)
{
    remark(bench, 2, GRADE_FAILED, "S1", "status 500, body 1");
    bench->run.results[2].repeat = strdup("curl -sS one\n");
    remark(bench, 3, GRADE_FAILED, "S1", "status 500, body 2");
    bench->run.results[3].repeat = strdup("curl -sS two\n");
    gather(bench);
    verdict_make(&bench->verdict, &bench->run);
}

TEST(describes_a_finding_once_in_junit)
{
    struct bench *bench = *state;

    fill_alike(bench);
    report_junit(&bench->out, &bench->run, &bench->verdict);
    has(bench, "failures=\"2\"");
    has(bench, "actual   status 500, body 1\ncurl -sS one\n</failure>");
    has(bench, "<failure message=\"S1: expected status 2xx, actual status 500, body 2\" "
               "type=\"S1\">S1 as in S1-plain, one of 2 cases\n</failure>");
    lacks(bench, "curl -sS two");
}

TEST(lists_findings_in_json)
{
    struct bench *bench = *state;
    json_t *finding;

    fill_alike(bench);
    report_json(&bench->out, &bench->run, &bench->verdict);
    json_t *document = json_loadb(buf_text(&bench->out), bench->out.length, 0, NULL);
    assert_non_null(document);
    assert_int_equal(json_array_size(json_object_get(document, "findings")), 1);
    finding = json_array_get(json_object_get(document, "findings"), 0);
    assert_int_equal(json_integer_value(json_object_get(finding, "count")), 2);
    assert_string_equal(json_string_value(json_object_get(finding, "case")), "S1-plain");
    assert_string_equal(json_string_value(json_object_get(finding, "repeat")), "curl -sS one\n");
    assert_string_equal(json_string_value(json_array_get(json_object_get(finding, "cases"), 1)),
                        "S1-other");
    json_decref(document);
    has(bench, "\"finding\": 1");
    has(bench, "curl -sS two");
}

TEST(writes_one_card_for_a_finding)
{
    struct bench *bench = *state;

    fill_alike(bench);
    report_html(&bench->out, &bench->run, &bench->verdict);
    has(bench, "id=\"finding-1\"");
    has(bench, "what the file says (and 1 more case)");
    has(bench, "<a href=\"#S1-other\">S1-other</a>");
    has(bench, "curl -sS one");
    lacks(bench, "curl -sS two");
}

/* Prints the text report to bench->out. */
static void print_report(struct bench *bench)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    report_text(out, &bench->run, &bench->verdict);
    assert_int_equal(fclose(out), 0);
    buf_clear(&bench->out);
    buf_add(&bench->out, text, length);
    free(text);
}

TEST(prints_one_block_for_a_finding)
{
    struct bench *bench = *state;

    fill_alike(bench);
    print_report(bench);
    has(bench, "\nFAILED S1-plain: what the file says\n  S1  S     Stated by");
    has(bench, "\n  cases     2: S1-plain, S1-other\n  repeat    curl -sS one\n");
    has(bench, "\n3 skipped; --verbose");
    lacks(bench, "curl -sS two");
    bench->run.options.is_verbose = true;
    print_report(bench);
    has(bench, "\nFAILED S1-plain: ");
    has(bench, "\nFAILED S1-other: ");
    has(bench, "  repeat    curl -sS one\n");
    has(bench, "  repeat    curl -sS two\n");
    has(bench, "\nFindings:\n  S1  S     FAILED in 2 cases, first S1-plain: expected status 2xx, "
               "actual status 500\n");
}

TEST(writes_a_page_that_text_cannot_break)
{
    struct bench *bench = *state;

    fill(bench);
    bench->run.results[3].records =
        json_pack("[{s:s,s:i,s:{s:s,s:s,s:[s],s:[]},s:{s:s,s:i,s:i,s:[s],s:s,s:b,s:i}}]", "case",
                  "S1-other", "step", 1, "request", "method", "POST", "url", "http://x/" EVIL,
                  "headers", "Authorization: Bearer <hidden>", "tokens", "answer", "outcome",
                  "answered", "status", 500, "time_ms", 7, "headers", "X: " EVIL, "body", EVIL,
                  "body_truncated", 1, "body_bytes", 99999);
    report_html(&bench->out, &bench->run, &bench->verdict);
    assert_true(buf_ok(&bench->out));
    has(bench, "<strong>FAILED</strong>");
    has(bench, "<a class=\"bad\" href=\"#clause-S1\">S1</a>");
    has(bench, "id=\"S1-other\"");
    has(bench, "Authorization: Bearer &lt;hidden&gt;\n");
    has(bench, "HTTP/1.1 500\nX: &lt;/pre&gt;");
    has(bench, "... (99999 bytes in total)</pre>");
    has(bench, "Behaviour of the target where the contract leaves a choice");
    has(bench, "Known failures");
    has(bench, "a target &lt;&amp;&gt;");
    lacks(bench, "\x1b");
    lacks(bench, "<b title");
}

EACH_TEST_WITHIN(bench_setup, bench_teardown)
