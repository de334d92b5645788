/* [E4]: a number of requests in any 60 seconds, by the mock's clock. */
#include "operation/limit.h"

#include "tests/unit.h"
#include <pthread.h>

enum { THREADS = 8, TRIES = 500 };

#define S INT64_C(1000000) /* in microseconds */

TEST(admits_the_limit_and_says_when_to_retry)
{
    struct limit *limit;

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
TEST(slides)
{
    struct limit *limit;

    assert_int_equal(limit_new(&limit, 1, 2, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 59 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 60 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 61 * S), 58);
    assert_int_equal(limit_admit(limit, 0, 119 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 119 * S), 1);
    assert_int_equal(limit_admit(limit, 0, 120 * S), 0);
    limit_free(limit);
}

TEST(a_refused_request_does_not_count)
{
    struct limit *limit;

    assert_int_equal(limit_new(&limit, 1, 1, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 0), 0);
    for (int i = 1; i < 60; i++)
        assert_int_equal(limit_admit(limit, 0, i * S), 60 - i);
    assert_int_equal(limit_admit(limit, 0, 60 * S), 0);
    limit_free(limit);
}

TEST(each_secret_has_its_own)
{
    struct limit *limit;

    assert_int_equal(limit_new(&limit, 2, 1, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 0), 0);
    assert_int_equal(limit_admit(limit, 1, 0), 0);
    assert_int_equal(limit_admit(limit, 0, 0), 60);
    assert_int_equal(limit_admit(limit, 1, 0), 60);
    limit_free(limit);
}

/* However far the clock is set back, the wait is at most a minute. */
TEST(a_clock_set_back_extends_no_wait)
{
    struct limit *limit;

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
TEST(one_that_was_overtaken_counts_as_of_now)
{
    struct limit *limit;

    assert_int_equal(limit_new(&limit, 1, 2, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 100 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 100 * S - 5), 0);
    assert_int_equal(limit_admit(limit, 0, 160 * S - 1), 1);
    assert_int_equal(limit_admit(limit, 0, 160 * S), 0);
    limit_free(limit);
}

TEST(a_clock_set_forward_frees_the_window)
{
    struct limit *limit;

    assert_int_equal(limit_new(&limit, 1, 1, NULL), HM_OK);
    assert_int_equal(limit_admit(limit, 0, 0), 0);
    assert_int_equal(limit_admit(limit, 0, 253402300799 * S), 0);
    assert_int_equal(limit_admit(limit, 0, 0), 60);
    assert_int_equal(limit_admit(limit, 0, 60 * S), 0);
    limit_free(limit);
}

TEST(a_fresh_one_has_admitted_nothing)
{
    struct limit *limit, *fresh;

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

TEST(threads_share_one_count)
{
    struct asker askers[THREADS];
    pthread_t threads[THREADS];
    struct limit *limit;
    int admitted = 0;

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
