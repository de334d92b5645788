/* Counting the threads of the server, and what follows when the system refuses one. */
#include "http/threads.h"
#include "tests/unit.h"

enum { MOST = 512 };

TEST(nobody_waits_once_connections_are_accepted)
{
    struct threads threads;

    threads_init(&threads, MOST);
    threads_accept(&threads);
    assert_true(threads_wait(&threads));
    threads_fini(&threads);
}

TEST(a_refusal_at_the_start_is_a_failure)
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

TEST(a_quarter_of_the_threads_is_kept_free)
{
    struct threads threads;

    threads_init(&threads, MOST);
    assert_int_equal(atomic_load(&threads.connection_limit), MOST / 4 * 3);
    threads_fini(&threads);
}

TEST(refused_threads_lower_the_limit_until_one_starts)
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
