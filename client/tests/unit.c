#include "tests/unit.h"

enum { TESTS_MOST = 64 };

static struct CMUnitTest tests[TESTS_MOST];
static size_t count;
static CMFixtureFunction each_setup, each_teardown, all_setup, all_teardown;

void unit_add(const struct CMUnitTest *test)
{
    if (count == TESTS_MOST)
        abort();
    tests[count++] = *test;
}

void unit_each(CMFixtureFunction setup, CMFixtureFunction teardown)
{
    each_setup = setup;
    each_teardown = teardown;
}

void unit_all(CMFixtureFunction setup, CMFixtureFunction teardown)
{
    all_setup = setup;
    all_teardown = teardown;
}

int main(void)
{
    for (size_t i = 0; i < count; i++) {
        if (tests[i].setup_func == NULL && tests[i].teardown_func == NULL) {
            tests[i].setup_func = each_setup;
            tests[i].teardown_func = each_teardown;
        }
    }
    return count > 0 ? _cmocka_run_group_tests("tests", tests, count, all_setup, all_teardown) : 1;
}
