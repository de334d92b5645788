#include "store/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
/* cmocka wants those before it. */
#include <cmocka.h>

static void real_is_the_time_of_day(void **state)
{
    struct clock clock;
    int64_t before = time(NULL), now;

    (void)state;
    assert_int_equal(clock_parse(&clock, "real", NULL), HM_OK);
    now = clock_now_s(&clock);
    assert_in_range(now, before, time(NULL) + 1); /* time() lags by a tick */
    assert_string_equal(clock_kind_name(&clock), "real");
    assert_int_equal(clock_parse(&clock, NULL, NULL), HM_OK);
    assert_int_equal(clock.kind, CLOCK_IS_REAL);
}

static void offset_moves_it_both_ways(void **state)
{
    struct clock ahead, late;
    int64_t before = time(NULL), now;

    (void)state;
    assert_int_equal(clock_parse(&ahead, "+301", NULL), HM_OK);
    assert_int_equal(clock_parse(&late, "-301", NULL), HM_OK);
    now = clock_now_s(&ahead) - 301;
    assert_in_range(now, before, time(NULL) + 1);
    now = clock_now_s(&late) + 301;
    assert_in_range(now, before, time(NULL) + 1);
    assert_string_equal(clock_kind_name(&ahead), "offset");
}

static void at_stands_still(void **state)
{
    struct clock clock;

    (void)state;
    assert_int_equal(clock_parse(&clock, "@1713225600", NULL), HM_OK);
    assert_int_equal(clock_now_s(&clock), 1713225600);
    assert_int_equal(clock_now_us(&clock), INT64_C(1713225600000000));
    assert_string_equal(clock_kind_name(&clock), "frozen");
}

static void refuses_what_is_no_clock(void **state)
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

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hm_error err = { 0 };

        assert_int_equal(clock_parse(&clock, bad[i], &err), HM_BAD_ARGUMENT);
        assert_non_null(strstr(err.text, "expected real, +SECONDS"));
    }
}

static void writes_times_as_answers_have_them(void **state)
{
    char utc[CLOCK_UTC_TEXT], date[CLOCK_HTTP_DATE_TEXT];

    (void)state;
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

static void elapses_make_older_what_was_signed_before(void **state)
{
    struct clock clock = { .kind = CLOCK_IS_FROZEN, .seconds = 1000 };

    (void)state;
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
static void many_elapses_never_make_a_token_younger(void **state)
{
    enum { TIMES = 3 * CLOCK_ELAPSES_MAX };
    struct clock clock = { .kind = CLOCK_IS_FROZEN, .seconds = 1000 };

    (void)state;
    for (int i = 0; i < TIMES; i++)
        clock_elapse(&clock, 7);
    assert_int_equal(clock.elapse_count, CLOCK_ELAPSES_MAX);
    for (int i = 0; i < TIMES; i++)
        assert_true(clock_elapsed_s(&clock, 1000 + i) >= INT64_C(7) * (TIMES - i));
    assert_int_equal(clock_elapsed_s(&clock, 1000), 7 * TIMES);
    assert_int_equal(clock_elapsed_s(&clock, 1000 + TIMES), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_is_the_time_of_day),
        cmocka_unit_test(offset_moves_it_both_ways),
        cmocka_unit_test(at_stands_still),
        cmocka_unit_test(refuses_what_is_no_clock),
        cmocka_unit_test(elapses_make_older_what_was_signed_before),
        cmocka_unit_test(many_elapses_never_make_a_token_younger),
        cmocka_unit_test(writes_times_as_answers_have_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
