#include "tests/suite_test.h"

#include "run/plan.h"
#include "target/targets.h"

enum { BUDGETS_MAX = 60 };

struct bench {
    struct catalog catalog;
    struct target target;
    struct plan plan;
};

/* The real cases and a foreign target. */
static int bench_setup(void **state)
{
    const struct fixtures real = { HM_SOURCE "/fixtures" };
    const struct option_texts all = { 0, NULL };
    struct bench *bench = calloc(1, sizeof *bench);

    struct target_place place = { 0 };

    *state = bench;
    if (bench == NULL)
        return -1;
    place.base_url = strdup("http://192.0.2.1");
    if (place.base_url == NULL || targets_guess(&bench->target, &place, &real, NULL) != HM_OK) {
        target_place_fini(&place);
        return -1;
    }
    if (catalog_load(&bench->catalog, &real, NULL) != HM_OK ||
        catalog_choose(&bench->catalog, &all, &all, NULL) != HM_OK || !plan_order(&bench->catalog))
        return -1;
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;

    plan_fini(&bench->plan);
    target_fini(&bench->target);
    catalog_fini(&bench->catalog);
    free(bench);
    return 0;
}

static void plan(struct bench *bench, size_t budget)
{
    plan_fini(&bench->plan);
    assert_true(plan_make(&bench->plan, &bench->catalog, &bench->target, budget, 0));
}

static size_t posts(const struct test_case *test)
{
    size_t count = 0;

    for (size_t i = 0; i < test->step_count; i++) {
        const char *method = step_text(&test->steps[i], "method");

        count += method != NULL && strcmp(method, "POST") == 0;
    }
    return count;
}

TEST(no_plan_exceeds_its_budget)
{
    struct bench *bench = *state;

    for (size_t budget = 1; budget < BUDGETS_MAX; budget++) {
        plan(bench, budget);
        assert_true(bench->plan.write_count <= budget);
        assert_true(bench->plan.write_count >= budget / 2); /* nor wastes it */
        assert_true(budget == 1 || bench->plan.case_count > 250);
    }
}

/* A wrong target may accept any POST. A budget of one is used up by the first request, and no
 * other POST is sent. */
TEST(a_budget_of_one_sends_no_post)
{
    struct bench *bench = *state;

    plan(bench, 1);
    for (size_t i = 0; i < bench->catalog.chosen_count; i++)
        assert_int_equal(bench->plan.has_room[i], posts(bench->catalog.chosen[i]) == 0);
}

static size_t place_of(const struct bench *bench, const char *id)
{
    size_t i = 0;

    while (strcmp(bench->catalog.chosen[i]->id, id) != 0)
        i++;
    return i;
}

/* With one write to spare, what a correct target refuses is sent, all of it before what writes. */
TEST(refusals_come_first_and_need_one_write_to_spare)
{
    struct bench *bench = *state;
    const size_t refusal = place_of(bench, "J5-swapped");
    const size_t write = place_of(bench, "R4-three-in-a-row");
    size_t count = 0;

    assert_true(refusal < write);
    plan(bench, 2);
    assert_true(bench->plan.has_room[refusal]);
    assert_false(bench->plan.has_room[write]);
    for (size_t i = 0; i < bench->catalog.chosen_count; i++)
        count += bench->plan.has_room[i];
    assert_in_range(count, 250, write + 1); /* and one more write */
    plan(bench, 40);
    assert_true(bench->plan.has_room[write]);
}

EACH_TEST_WITHIN(bench_setup, bench_teardown)
