#include "tests/suite_test.h"

#include "cases/catalog.h"
#include "target/target.h"
#include <time.h>

static struct catalog catalog;

static int catalog_setup(void **state)
{
    const struct fixtures from = { TEST_FIXTURES };

    return catalog_load(&catalog, &from, NULL) == HM_OK ? 0 : -1;
}

static int catalog_teardown(void **state)
{
    catalog_fini(&catalog);
    return 0;
}

static char ada_name[] = "ada";
static char ada_uuid[] = TEST_ADA;
static char id[] = TEST_ID;
static char key[] = TEST_KEY;
static struct named_contact ada = { ada_name, ada_uuid };

static struct target target_of(enum target_kind kind, bool stands_still)
{
    struct target target = { .kind = kind, .stands_still = stands_still };

    target.names.origin = "the test";
    target.names.secrets[SECRET_FIRST].id = id;
    target.names.secrets[SECRET_FIRST].key = private_text(key);
    target.names.contact_count = 1;
    target.names.contacts = &ada;
    return target;
}

static void assert_lacks(const struct target *target, const char *case_id, const char *expected)
{
    struct buf reason;

    buf_init(&reason, 500);
    target_lacks(&reason, target, catalog_find(&catalog, case_id));
    int is_so = expected != NULL ? strstr(buf_text(&reason), expected) != NULL : reason.length == 0;
    if (!is_so)
        print_message("%s: %s\n", case_id, buf_text(&reason));
    buf_fini(&reason);
    assert_true(is_so);
}

TEST(needs_a_clock_that_stands_still)
{
    const struct target still = target_of(TARGET_OUR_MOCK, true);
    const struct target running = target_of(TARGET_OUR_MOCK, false);

    assert_lacks(&still, "S1-plain", NULL);
    assert_lacks(&running, "S1-plain", "needs a stopped clock");
    assert_lacks(&running, "S1-other", NULL);
}

TEST(waits_by_a_clock_that_can_be_set_or_with_slow)
{
    struct target foreign = target_of(TARGET_FOREIGN, false);
    struct target still = target_of(TARGET_OUR_MOCK, true);

    assert_lacks(&foreign, "S1-steps", "waits 5 s; add --slow");
    foreign.is_patient = true;
    assert_lacks(&foreign, "S1-steps", NULL);
    still.is_patient = true;
    assert_lacks(&still, "S1-steps", "needs a running clock");
    still.takes_clock = true;
    assert_lacks(&still, "S1-steps", NULL);
}

TEST(needs_a_mock_started_with_the_files_arguments)
{
    const struct target started = target_of(TARGET_STARTED, true);
    const struct target ours = target_of(TARGET_OUR_MOCK, true);

    assert_lacks(&started, "A1-hint", NULL);
    assert_lacks(&ours, "A1-hint", "needs a mock started with --set");
}

TEST(needs_the_names_of_the_recipe)
{
    const struct target started = target_of(TARGET_STARTED, true);

    assert_lacks(&started, "A1-second",
                 "needs the team's second API secret, which the test does not name");
}

TEST(computes_the_time_of_a_stopped_clock_and_of_one_that_is_ahead)
{
    struct target target = target_of(TARGET_OUR_MOCK, true);

    target.clock_s = 1713225600;
    assert_true(target_now(&target) == 1713225600);
    target.stands_still = false;
    target.clock_s = 1000;
    int64_t before = (int64_t)time(NULL), now = target_now(&target) - 1000;
    assert_in_range(now, before - 1, time(NULL) + 1); /* time() lags by a tick */
}

ALL_TESTS_WITHIN(catalog_setup, catalog_teardown)
