/* Counting the threads of the server, and what follows when the system refuses one. */
#include "http/threads.h"
#include "tests/unit.h"

enum { MOST = 512 };

static void nobody_waits_once_connections_are_accepted(void **state)
{
    struct threads threads;

    threads_init(&threads, MOST);
    threads_accept(&threads);
    assert_true(threads_wait(&threads));
    threads_fini(&threads);
}

static void a_refusal_at_the_start_is_a_failure(void **state)
{
    struct threads threads;

    threads_init(&threads, MOST);
    assert_int_equal(threads_add(&threads), 0);
    assert_int_equal(threads_add(&threads), 1);
    assert_true(threads_refuse(&threads));
    threads_accept(&threads);
    assert_false(threads_wait(&threads));
    assert_int_equal(atomic_load(&threads.workers), 2);
    threads_fini(&threads);
}

static void a_quarter_of_the_threads_is_kept_free(void **state)
{
    struct threads threads;

    threads_init(&threads, MOST);
    assert_int_equal(atomic_load(&threads.connection_limit), MOST / 4 * 3);
    threads_fini(&threads);
}

static void refused_threads_lower_the_limit_until_one_starts(void **state)
{
    struct threads threads;

    threads_init(&threads, MOST);
    for (int i = 0; i < 16; i++)
        assert_int_equal(threads_add(&threads), i);
    assert_true(threads_refuse(&threads));
    assert_int_equal(atomic_load(&threads.connection_limit), 12);
    assert_false(threads_refuse(&threads)); /* not for the first time */
    assert_int_equal(threads_add(&threads), 16);
    assert_int_equal(atomic_load(&threads.connection_limit), MOST / 4 * 3);
    threads_fini(&threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_waits_once_connections_are_accepted),
        cmocka_unit_test(a_refusal_at_the_start_is_a_failure),
        cmocka_unit_test(a_quarter_of_the_threads_is_kept_free),
        cmocka_unit_test(refused_threads_lower_the_limit_until_one_starts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
