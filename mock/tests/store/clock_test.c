#include "store/clock.h"

#include "tests/unit.h"
#include <time.h>

TEST(real_is_the_time_of_day)
{
    struct clock clock;
    int64_t before = time(NULL), now;

    assert_int_equal(clock_parse(&clock, "real", NULL), HM_OK);
    now = clock_now_s(&clock);
    assert_in_range(now, before, time(NULL) + 1); /* time() lags by a tick */
    assert_string_equal(clock_kind_name(&clock), "real");
    assert_int_equal(clock_parse(&clock, NULL, NULL), HM_OK);
    assert_int_equal(clock.kind, CLOCK_IS_REAL);
}

TEST(offset_moves_it_both_ways)
{
    struct clock ahead, late;
    int64_t before = time(NULL), now;

    assert_int_equal(clock_parse(&ahead, "+301", NULL), HM_OK);
    assert_int_equal(clock_parse(&late, "-301", NULL), HM_OK);
    now = clock_now_s(&ahead) - 301;
    assert_in_range(now, before, time(NULL) + 1);
    now = clock_now_s(&late) + 301;
    assert_in_range(now, before, time(NULL) + 1);
    assert_string_equal(clock_kind_name(&ahead), "offset");
}

TEST(at_stands_still)
{
    struct clock clock;

    assert_int_equal(clock_parse(&clock, "@1713225600", NULL), HM_OK);
    assert_int_equal(clock_now_s(&clock), 1713225600);
    assert_int_equal(clock_now_us(&clock), INT64_C(1713225600000000));
    assert_string_equal(clock_kind_name(&clock), "frozen");
}

TEST(refuses_what_is_no_clock)
{
    static const char *const bad[] = { "",
                                       "now",
                                       "5",
                                       "@",
                                       "@-1",
                                       "@+5",
                                       "@1.5",
                                       "+",
                                       "+ 5",
                                       "+1h",
                                       "@99999999999999",
                                       "REAL",
                                       "--5",
                                       "+-5",
                                       "+9999999999999" };
    struct clock clock;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hm_error err = { 0 };

        assert_int_equal(clock_parse(&clock, bad[i], &err), HM_BAD_ARGUMENT);
        assert_non_null(strstr(err.text, "expected real, +SECONDS"));
    }
}

TEST(writes_times_as_answers_have_them)
{
    char utc[CLOCK_UTC_TEXT], date[CLOCK_HTTP_DATE_TEXT];

    clock_utc(utc, 1713225600);
    clock_http_date(date, 1713225600);
    assert_string_equal(utc, "2024-04-16T00:00:00Z");
    assert_string_equal(date, "Tue, 16 Apr 2024 00:00:00 GMT");
    clock_utc(utc, 784111777);
    clock_http_date(date, 784111777); /* the example of RFC 9110 §5.6.7 */
    assert_string_equal(utc, "1994-11-06T08:49:37Z");
    assert_string_equal(date, "Sun, 06 Nov 1994 08:49:37 GMT");
    clock_utc(utc, 253402300799);
    assert_string_equal(utc, "9999-12-31T23:59:59Z");
}

TEST(elapses_make_older_what_was_signed_before)
{
    struct clock clock = { .kind = CLOCK_IS_FROZEN, .seconds = 1000 };

    assert_int_equal(clock_elapsed_s(&clock, 1000), 0);
    clock_elapse(&clock, 301);
    assert_int_equal(clock_now_s(&clock), 1001);
    assert_int_equal(clock_elapsed_s(&clock, 0), 301);
    assert_int_equal(clock_elapsed_s(&clock, 1000), 301);
    assert_int_equal(clock_elapsed_s(&clock, 1000.75), 301);
    assert_int_equal(clock_elapsed_s(&clock, 1001), 0);
    clock_elapse(&clock, 10);
    assert_int_equal(clock_elapsed_s(&clock, 1000), 311);
    assert_int_equal(clock_elapsed_s(&clock, 1001), 10);
    assert_int_equal(clock_elapsed_s(&clock, 1002), 0);
    assert_true(clock_is_past_elapses(&clock));
}

/* However many there are, none is forgotten for any token, and what is signed now is not old. */
TEST(many_elapses_never_make_a_token_younger)
{
    enum { TIMES = 3 * CLOCK_ELAPSES_MAX };
    struct clock clock = { .kind = CLOCK_IS_FROZEN, .seconds = 1000 };

    for (int i = 0; i < TIMES; i++)
        clock_elapse(&clock, 7);
    assert_int_equal(clock.elapse_count, CLOCK_ELAPSES_MAX);
    for (int i = 0; i < TIMES; i++)
        assert_true(clock_elapsed_s(&clock, 1000 + i) >= INT64_C(7) * (TIMES - i));
    assert_int_equal(clock_elapsed_s(&clock, 1000), 7 * TIMES);
    assert_int_equal(clock_elapsed_s(&clock, 1000 + TIMES), 0);
}
