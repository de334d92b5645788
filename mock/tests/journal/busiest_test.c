/* The busiest minute and the ages of tokens: figures of a whole run. */
#include "journal/busiest.h"
#include "journal/counts.h"
#include "tests/unit.h"
#include <pthread.h>

enum { SECOND_US = 1000 * 1000, THREADS = 8, EACH = 5000 };

static const int64_t start_us = INT64_C(3600) * SECOND_US;

static void add_many(struct busiest *busiest, size_t secret, int64_t us, int count)
{
    for (int i = 0; i < count; i++)
        busiest_add(busiest, secret, us);
}

TEST(is_empty_without_requests)
{
    struct busiest busiest;

    memset(&busiest, 0, sizeof busiest);
    assert_int_equal(busiest_find(&busiest).requests, 0);
    busiest_fini(&busiest);
}

TEST(counts_what_falls_into_sixty_seconds)
{
    struct busiest busiest;
    struct busiest_minute found;

    memset(&busiest, 0, sizeof busiest);
    add_many(&busiest, 0, start_us, 100);
    add_many(&busiest, 0, start_us + (int64_t)59 * SECOND_US, 20);
    add_many(&busiest, 0, start_us + (int64_t)60 * SECOND_US, 30); /* the first 100 are out of it */
    found = busiest_find(&busiest);
    busiest_fini(&busiest);
    assert_int_equal(found.requests, 120);
}

TEST(slides_over_the_edge_of_a_clocks_minute)
{
    struct busiest busiest;
    struct busiest_minute found;

    memset(&busiest, 0, sizeof busiest);
    for (int i = 0; i < 120; i++)
        add_many(&busiest, 0, start_us + (int64_t)(30 + i) * SECOND_US / 2, 5);
    found = busiest_find(&busiest);
    busiest_fini(&busiest);
    assert_int_equal(found.requests, 600);
}

TEST(remembers_a_minute_that_is_long_past)
{
    struct busiest busiest;
    struct busiest_minute found;

    memset(&busiest, 0, sizeof busiest);
    for (int minute = 0; minute < 60; minute++)
        add_many(&busiest, 0, start_us + (int64_t)minute * 60 * SECOND_US, minute == 7 ? 9 : 3);
    found = busiest_find(&busiest);
    busiest_fini(&busiest);
    assert_int_equal(found.requests, 9);
}

TEST(keeps_secrets_apart)
{
    struct busiest busiest;
    struct busiest_minute found;

    memset(&busiest, 0, sizeof busiest);
    add_many(&busiest, 0, start_us, 400);
    add_many(&busiest, 3, start_us, 401);
    add_many(&busiest, BUSIEST_SECRETS_MAX, start_us, 900);
    found = busiest_find(&busiest);
    busiest_fini(&busiest);
    assert_int_equal(found.requests, 401);
    assert_int_equal(found.secret, 3);
}

static void *add_from_a_thread(void *busiest)
{
    for (int i = 0; i < EACH; i++)
        busiest_add(busiest, 1, start_us + (int64_t)i * 1000);
    return NULL;
}

TEST(loses_none_of_many_threads)
{
    struct busiest busiest;
    struct busiest_minute found;
    pthread_t threads[THREADS];
    int started = 0;

    memset(&busiest, 0, sizeof busiest);
    while (started < THREADS &&
           pthread_create(&threads[started], NULL, add_from_a_thread, &busiest) == 0)
        started++;
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    found = busiest_find(&busiest);
    busiest_fini(&busiest);
    assert_int_equal(started, THREADS);
    assert_int_equal(found.requests, THREADS * EACH);
}

TEST(sorts_ages_by_their_edges)
{
    static const struct {
        double age_s;
        size_t range;
    } rows[] = { { -1e12, 0 }, { -0.5, 0 }, { 0, 1 },   { 1.9, 1 }, { 2, 2 },
                 { 239.5, 6 }, { 240, 7 },  { 299, 7 }, { 300, 8 }, { 1e15, 8 } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct token_ages ages = { 0 };

        token_ages_add(&ages, rows[i].age_s, false);
        assert_int_equal(ages.uses[rows[i].range], 1);
        assert_int_equal(token_ages_uses(&ages), 1);
        assert_int_equal(ages.oldest_good_s, 0);
    }
}

TEST(knows_the_oldest_token_that_was_good)
{
    struct token_ages ages = { 0 };

    token_ages_add(&ages, 12, true);
    token_ages_add(&ages, 250, true);
    token_ages_add(&ages, 30, true);
    token_ages_add(&ages, 4000, false);
    assert_int_equal(ages.oldest_good_s, 250);
}
