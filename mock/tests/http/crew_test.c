/* The server's threads: what is known of them, and what follows when the system refuses one. */
#include "http/crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MOST = 512 };

static void nobody_waits_once_connections_are_accepted(void **state)
{
    struct crew crew;

    (void)state;
    crew_init(&crew, MOST);
    crew_accepts(&crew);
    assert_true(crew_wait(&crew));
    crew_fini(&crew);
}

static void a_refusal_at_the_start_is_a_failure(void **state)
{
    struct crew crew;

    (void)state;
    crew_init(&crew, MOST);
    assert_int_equal(crew_grows(&crew), 0);
    assert_int_equal(crew_grows(&crew), 1);
    assert_true(crew_is_refused(&crew));
    crew_accepts(&crew);
    assert_false(crew_wait(&crew));
    assert_int_equal(atomic_load(&crew.workers), 2);
    crew_fini(&crew);
}

static void a_quarter_of_the_threads_is_kept_free(void **state)
{
    struct crew crew;

    (void)state;
    crew_init(&crew, MOST);
    assert_int_equal(atomic_load(&crew.connection_limit), MOST / 4 * 3);
    crew_fini(&crew);
}

static void refused_threads_lower_the_limit_until_one_starts(void **state)
{
    struct crew crew;

    (void)state;
    crew_init(&crew, MOST);
    for (int i = 0; i < 16; i++)
        assert_int_equal(crew_grows(&crew), i);
    assert_true(crew_is_refused(&crew));
    assert_int_equal(atomic_load(&crew.connection_limit), 12);
    assert_false(crew_is_refused(&crew)); /* told already */
    assert_int_equal(crew_grows(&crew), 16);
    assert_int_equal(atomic_load(&crew.connection_limit), MOST / 4 * 3);
    crew_fini(&crew);
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
