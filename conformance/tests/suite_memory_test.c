/* Every allocation of loading cases, following their recipes and writing reports fails once: each
 * time HM_NO_MEMORY, or a buffer that is not ok, and nothing leaks (AddressSanitizer watches). */
#include "tests/suite_test.h"

#include "cases/catalog.h"
#include "judge/result.h"
#include "recipe/names.h"
#include "recipe/recipe.h"
#include "report/matrix.h"
#include "report/report_html.h"
#include "report/report_json.h"
#include "report/report_junit.h"
#include "report/report_tap.h"
#include "report/report_text.h"
#include "report/verdict.h"
#include "tests/failing_memory.h"

enum { NOW = 1713225610, ALLOCATIONS_MAX = 5000, REPORTS_BYTES_MAX = 1024 * 1024 };

static const struct fixtures own = { TEST_FIXTURES };
static const struct fixtures built_in = { NULL };
static struct catalog catalog;
static struct clauses clauses;
static struct case_file *recipes;

static int set_up(void **state)
{
    static const struct option_texts all = { 0, NULL };

    return catalog_load(&catalog, &own, NULL) == HM_OK &&
                   catalog_choose(&catalog, &all, &all, NULL) == HM_OK &&
                   clauses_load(&clauses, &built_in, NULL) == HM_OK &&
                   case_file_load(&recipes, &built_in, "cases/token/J5-signature.json", &clauses,
                                  NULL) == HM_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    catalog_fini(&catalog);
    case_file_free(recipes);
    clauses_fini(&clauses);
    return 0;
}

static enum hm_code load(struct hm_error *err)
{
    static const char *only[] = { "S1" };
    static const struct option_texts chosen = { 1, only }, none = { 0, NULL };
    struct catalog made;
    enum hm_code code = catalog_load(&made, &own, err);

    if (code == HM_OK)
        code = catalog_choose(&made, &chosen, &none, err);
    catalog_fini(&made);
    return code;
}

static enum hm_code name(struct hm_error *err)
{
    static const char text[] =
        "{\"teams\":[{\"team_id\":1,\"name\":\"t\",\"secrets\":[{\"id\":\"" TEST_ID
        "\",\"key\":\"" TEST_KEY "\"},{\"id\":\"b\",\"key\":\"c\"}],\"legacy_key\":\"d\","
        "\"contacts\":[{\"name\":\"ada\",\"uuid\":\"" TEST_ADA "\",\"contact_id\":1}]}]}";
    struct json_file world = { .root = NULL };
    struct names names = { .origin = NULL };
    enum hm_code code = json_file_parse(&world, "world", text, sizeof text - 1, err);

    if (code == HM_OK)
        code = names_from_world(&names, &world, "its world", err);
    names_fini(&names);
    json_file_fini(&world);
    return code;
}

/* The recipes of cases with wrong signatures. */
static enum hm_code follow(struct hm_error *err)
{
    static char id[] = TEST_ID, key[] = TEST_KEY;
    const struct names names = { .origin = "the test",
                                 .secrets = { { id, { { key } } }, { id, { { key } } } } };
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < recipes->case_count && code == HM_OK; i++) {
        struct authorization made = { 0 };

        code = recipe_make(&made, recipes->cases[i].steps[0].token, &names, NOW, err);
        authorization_fini(&made);
    }
    return code;
}

/* Cases of several grades. */
static void fill(struct suite_run *run)
{
    const struct remark failed = { .grade = GRADE_FAILED, .clause = catalog.files[0]->clause };

    for (size_t i = 0; i < run->result_count; i++)
        run->results[i].test = catalog.chosen[i];
    result_decide(&run->results[0], GRADE_SKIPPED, "only about our mock");
    (void)result_add(&run->results[1], &failed, "status 2xx", "status 500, body <&>");
    (void)result_hold(&run->results[1], catalog.files[0]->clause);
    result_raise(&run->results[2], GRADE_PASSED);
}

static enum hm_code report(struct hm_error *err)
{
    static void (*const writers[])(struct buf *, const struct suite_run *,
                                   const struct verdict *) = { report_json, report_junit,
                                                               report_html };
    static struct result results[3];
    struct suite_run run = { .catalog = &catalog, .result_count = 3, .results = results };
    struct verdict verdict;
    bool is_whole = true;

    memset(results, 0, sizeof results);
    fill(&run);
    is_whole = findings_make(&run.findings, results, run.result_count);
    verdict_make(&verdict, &run);
    for (size_t i = 0; i < sizeof writers / sizeof writers[0] && is_whole; i++) {
        struct buf out;

        buf_init(&out, REPORTS_BYTES_MAX);
        writers[i](&out, &run, &verdict);
        is_whole &= buf_ok(&out);
        buf_fini(&out);
    }
    findings_fini(&run.findings);
    for (size_t i = 0; i < run.result_count; i++)
        result_fini(&results[i]);
    return is_whole ? HM_OK : hm_error_set(err, HM_NO_MEMORY, "out of memory");
}

TEST(loading_survives_each_failed_allocation)
{
    assert_in_range(allocations_survived(load), 20, ALLOCATIONS_MAX);
    assert_in_range(allocations_survived(name), 5, ALLOCATIONS_MAX);
}

TEST(recipes_survive_each_failed_allocation)
{
    assert_in_range(allocations_survived(follow), 20, ALLOCATIONS_MAX);
}

TEST(reports_survive_each_failed_allocation)
{
    assert_in_range(allocations_survived(report), 10, ALLOCATIONS_MAX);
}

ALL_TESTS_WITHIN(set_up, tear_down)
