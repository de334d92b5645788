/* [E4]: a number of requests in any 60 seconds, by the mock's clock. */
#include "operation/limit.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those before it. */
#include <cmocka.h>

enum { THREADS = 8, TRIES = 500 };

#define S INT64_C(1000000) /* in microseconds */

static void admits_the_limit_and_says_when_to_retry(void **state)
{
    struct limit *limit;

    (void)state;
    assert_int_equal(limit_new(&limit, 1, 3, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 100 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 110 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 120 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 121 * S), 39);
    assert_int_equal(limit_admit(limit, 0, 159 * S + 1), 1);
    assert_int_equal(limit_admit(limit, 0, 160 * S - 1), 1);
    limit_free(limit);
}

/* It slides: what matters is the third last, not the minute of the clock. */
static void slides(void **state)
{
    struct limit *limit;

    (void)state;
    assert_int_equal(limit_new(&limit, 1, 2, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 59 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 60 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 61 * S), 58);
    assert_int_equal(limit_admit(limit, 0, 119 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 119 * S), 1);
    assert_int_equal(limit_admit(limit, 0, 120 * S), 0);
    limit_free(limit);
}

static void a_refused_request_does_not_count(void **state)
{
    struct limit *limit;

    (void)state;
    assert_int_equal(limit_new(&limit, 1, 1, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 0), 0);
    for (int i = 1; i < 60; i++)
        assert_int_equal(limit_admit(limit, 0, i * S), 60 - i);
    assert_int_equal(limit_admit(limit, 0, 60 * S), 0);
    limit_free(limit);
}

static void each_secret_has_its_own(void **state)
{
    struct limit *limit;

    (void)state;
    assert_int_equal(limit_new(&limit, 2, 1, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 0), 0);
    assert_int_equal(limit_admit(limit, 1, 0), 0);
    assert_int_equal(limit_admit(limit, 0, 0), 60);
    assert_int_equal(limit_admit(limit, 1, 0), 60);
    limit_free(limit);
}

/* However far the clock is set back, the wait is at most a minute. */
static void a_clock_set_back_extends_no_wait(void **state)
{
    struct limit *limit;

    (void)state;
    assert_int_equal(limit_new(&limit, 1, 2, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 5000 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 5010 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 100 * S), 50);
    assert_int_equal(limit_admit(limit, 0, 150 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 150 * S), 10);
    assert_int_equal(limit_admit(limit, 0, 160 * S), 0);
    assert_int_equal(limit_admit(limit, 0, -7000 * S), 50);
    assert_int_equal(limit_admit(limit, 0, -6940 * S), 0);
    limit_free(limit);
}

/* Another thread may have read the clock earlier and taken the lock later. */
static void one_that_was_overtaken_counts_as_of_now(void **state)
{
    struct limit *limit;

    (void)state;
    assert_int_equal(limit_new(&limit, 1, 2, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 100 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 100 * S - 5), 0);
    assert_int_equal(limit_admit(limit, 0, 160 * S - 1), 1);
    assert_int_equal(limit_admit(limit, 0, 160 * S), 0);
    limit_free(limit);
}

static void a_clock_set_forward_frees_the_window(void **state)
{
    struct limit *limit;

    (void)state;
    assert_int_equal(limit_new(&limit, 1, 1, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 0), 0);
    assert_int_equal(limit_admit(limit, 0, 253402300799 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 0), 60);
    assert_int_equal(limit_admit(limit, 0, 60 * S), 0);
    limit_free(limit);
}

static void a_fresh_one_has_admitted_nothing(void **state)
{
    struct limit *limit, *fresh;

    (void)state;
    assert_int_equal(limit_new(&limit, 2, 1, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 1, 0), 0);
    assert_int_equal(limit_fresh(&fresh, limit, NULL), HM_OK);
    assert_int_equal(limit_admit(fresh, 1, 0), 0);
    assert_int_equal(limit_admit(fresh, 1, 0), 60);
    limit_free(limit);
    limit_free(fresh);
    assert_int_equal(limit_fresh(&fresh, NULL, NULL), HM_OK);
    assert_null(fresh);
}

struct asker {
    struct limit *limit;
    int admitted;
};

static void *ask(void *pointer)
{
    struct asker *asker = pointer;

    for (int i = 0; i < TRIES; i++)
        asker->admitted += limit_admit(asker->limit, 0, 0) == 0;
    return NULL;
}

static void threads_share_one_count(void **state)
{
    struct asker askers[THREADS];
    pthread_t threads[THREADS];
    struct limit *limit;
    int admitted = 0;

    (void)state;
    assert_int_equal(limit_new(&limit, 1, 1000, NULL), HM_OK);
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){ limit, 0 };
        pthread_create(&threads[i], NULL, ask, &askers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        admitted += askers[i].admitted;
    }
    limit_free(limit);
    assert_int_equal(admitted, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(admits_the_limit_and_says_when_to_retry),
        cmocka_unit_test(slides),
        cmocka_unit_test(a_refused_request_does_not_count),
        cmocka_unit_test(each_secret_has_its_own),
        cmocka_unit_test(a_clock_set_back_extends_no_wait),
        cmocka_unit_test(one_that_was_overtaken_counts_as_of_now),
        cmocka_unit_test(a_clock_set_forward_frees_the_window),
        cmocka_unit_test(a_fresh_one_has_admitted_nothing),
        cmocka_unit_test(threads_share_one_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
