#include "run/plan.h"
#include "judge/judge.h"
#include "run/family.h"
#include "support/text.h"
#include <stdlib.h>
#include <string.h>

/* The cleanup gets and deletes each channel, and asks once or twice more for each type, of which
 * there are no more than channels. The others prove what a deletion means (5), delete the channel
 * that is left of it (2), and list the contacts. */
enum { CLEANUP_REQUESTS_PER_WRITE = 3, CLEANUP_REQUESTS = 10 };

/* A chosen case and what decides its place in the order. */
struct place {
    const struct test_case *test;
    bool writes;
    size_t nth;    /* among the clause's cases that write, or that do not */
    size_t number; /* index in the catalog */
};

static bool is_success(const json_t *status)
{
    const char *text = json_string_value(status);

    return text != NULL ? text[0] == '2' : json_integer_value(status) / 100 == 2;
}

/* Does an S or D clause ask for a refusal? */
static bool is_refusal(const struct expect *expect)
{
    json_t *wanted = json_object_get(expect->json, "status");
    json_t *one;
    size_t i;

    if (expect->kind != EXPECT_STATUS || expect->is_mock_only || expect->is_observed ||
        expect->policy != NULL || expect->clause->source == SOURCE_ASSUMED || is_success(wanted))
        return false;
    json_array_foreach (wanted, i, one) {
        if (is_success(one))
            return false;
    }
    return true;
}

static bool is_post(const struct step *step)
{
    const char *method = step_text(step, "method");

    return method != NULL && strcmp(method, "POST") == 0;
}

bool plan_may_be_accepted(const struct step *step)
{
    if (!is_post(step))
        return false;
    for (size_t i = 0; i < step->expect_count; i++) {
        if (is_refusal(&step->expects[i]))
            return false;
    }
    return true;
}

/* The most requests of a case that a correct target accepts. */
static size_t case_writes(const struct test_case *test)
{
    size_t count = 0;

    for (size_t i = 0; i < test->step_count; i++)
        count += plan_may_be_accepted(&test->steps[i]);
    return count;
}

/* The writes that must be left of the budget so that every request of the case is sent: no POST is
 * sent that could exceed the budget if a wrong target accepted it. */
static size_t case_need(const struct test_case *test)
{
    size_t written = 0;
    size_t need = 0;

    for (size_t i = 0; i < test->together; i++)
        need += is_post(&test->steps[i]);
    for (size_t i = 0; i < test->step_count; i++) {
        if (i >= test->together && is_post(&test->steps[i]) && need < written + 1)
            need = written + 1;
        written += plan_may_be_accepted(&test->steps[i]);
    }
    return need;
}

static int compare(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    const enum clause_source a_source = a->test->file->clause->source;
    const enum clause_source b_source = b->test->file->clause->source;

    if (a->writes != b->writes)
        return a->writes ? 1 : -1;
    if (a->nth != b->nth)
        return a->nth < b->nth ? -1 : 1;
    if (a_source != b_source)
        return a_source < b_source ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

bool plan_order(struct catalog *catalog)
{
    struct place *places = calloc(catalog->chosen_count + 1, sizeof *places);

    if (places == NULL)
        return false;
    for (size_t i = 0; i < catalog->chosen_count; i++) {
        places[i].test = catalog->chosen[i];
        places[i].number = i;
        places[i].writes = case_writes(places[i].test) > 0;
        for (size_t j = 0; j < i; j++)
            places[i].nth += places[j].test->file->clause == places[i].test->file->clause &&
                             places[j].writes == places[i].writes;
    }
    qsort(places, catalog->chosen_count, sizeof *places, compare);
    for (size_t i = 0; i < catalog->chosen_count; i++)
        catalog->chosen[i] = places[i].test;
    free(places);
    return true;
}

static bool is_run(const struct test_case *test, const struct target *target)
{
    enum { REASON_TEXT = 1024 };
    struct buf reason;

    buf_init(&reason, REASON_TEXT);
    target_lacks(&reason, target, test);
    bool is_run = reason.length == 0 && judge_has_say(test, target);
    buf_fini(&reason);
    return is_run;
}

size_t plan_cleanup_reserve(size_t budget, bool keeps)
{
    enum { FIRST_REQUEST = 1, PROOF_WRITES = 2 };

    return keeps || budget < FIRST_REQUEST + PROOF_WRITES ? 0 : PROOF_WRITES;
}

size_t plan_limit(size_t budget, size_t reserve)
{
    enum { FIRST_AND_ONE_TO_SPARE = 2 };

    if (budget >= reserve + FIRST_AND_ONE_TO_SPARE)
        return budget - reserve;
    return budget < FIRST_AND_ONE_TO_SPARE ? budget : FIRST_AND_ONE_TO_SPARE;
}

bool plan_make(struct plan *plan, const struct catalog *catalog, const struct target *target,
               size_t budget, size_t reserve)
{
    memset(plan, 0, sizeof *plan);
    plan->has_room = calloc(catalog->chosen_count + 1, sizeof *plan->has_room);
    if (plan->has_room == NULL)
        return false;
    const bool looks = !target_is_ours(target) && family_is_used(catalog);
    plan->request_count = 1 + (looks ? FAMILY_REQUESTS : 0);
    plan->write_count = 1;
    for (size_t i = 0; i < catalog->chosen_count; i++) {
        const struct test_case *test = catalog->chosen[i];

        const size_t need = case_need(test);
        const size_t writes = case_writes(test);
        plan->has_room[i] =
            need == 0 || (writes > 0 ? plan->write_count + need + reserve <= budget
                                     : plan->write_count + need <= plan_limit(budget, reserve));
        if (!is_run(test, target))
            continue;
        if (!plan->has_room[i]) {
            plan->left_out++;
            continue;
        }
        plan->case_count++;
        plan->request_count += test->step_count;
        plan->write_count += writes;
    }
    plan->cleanup_count = CLEANUP_REQUESTS + CLEANUP_REQUESTS_PER_WRITE * plan->write_count;
    return true;
}

void plan_describe(struct buf *out, const struct plan *plan, size_t budget, bool keeps)
{
    buf_printf(out,
               "%zu request%s of %zu case%s would be sent; a correct target accepts at most %zu "
               "write%s of these (budget %zu)",
               plan->request_count, plural(plan->request_count), plan->case_count,
               plural(plan->case_count), plan->write_count, plural(plan->write_count), budget);
    if (!keeps && plan_cleanup_reserve(budget, keeps) == 0)
        buf_puts(out, "; " PLAN_LEAVES);
    else if (!keeps)
        buf_printf(out, "; to delete what was created takes at most %zu more", plan->cleanup_count);
    if (plan->left_out > 0)
        buf_printf(out, "; the budget is too small for %zu more case%s", plan->left_out,
                   plural(plan->left_out));
}

void plan_fini(struct plan *plan)
{
    free(plan->has_room);
    memset(plan, 0, sizeof *plan);
}
