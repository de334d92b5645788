#include "tests/suite_test.h"

#include "target/backoff.h"
#include <string.h>

static const int64_t S = 1000; /* ms */

/* An answer of 429 that says so, or nothing. */
static struct http_answer limited(const char *retry_after)
{
    struct http_answer answer = { .outcome = HTTP_ANSWERED, .status = 429 };

    buf_init(&answer.headers, 200);
    buf_puts(&answer.headers, "HTTP/1.1 429 Too Many Requests\r\n");
    if (retry_after != NULL)
        buf_printf(&answer.headers, "Retry-After: %s\r\n", retry_after);
    return answer;
}

static void waits_as_long_as_it_is_told(void **state)
{
    struct backoff backoff = { .sent = 0 };
    struct http_answer answer = limited("7");

    (void)state;
    backoff_sent(&backoff, 0);
    assert_true(backoff_after(&backoff, &answer, 1) == 7 * S);
    http_answer_fini(&answer);
}

static void waits_longer_each_time_where_nothing_is_said_and_not_for_ever(void **state)
{
    struct backoff backoff = { .sent = 0 };
    struct http_answer answer = limited(NULL);
    int64_t sum = 0;
    int64_t wait;
    int times = 0;

    (void)state;
    backoff_sent(&backoff, 0);
    while ((wait = backoff_after(&backoff, &answer, 1)) > 0 && times < 100) {
        sum += wait;
        times++;
    }
    assert_true(times > 3 && times < 12);
    assert_true(sum == BACKOFF_WAIT_MS_MAX);
    backoff_case(&backoff);
    assert_true(backoff_after(&backoff, &answer, 1) == S);
    http_answer_fini(&answer);
}

/* A run before this one may have used the minute up [E4]. */
static void accuses_nobody_in_the_first_minute(void **state)
{
    struct backoff backoff = { .sent = 0 };
    struct http_answer answer = limited("1");

    (void)state;
    backoff_sent(&backoff, 0);
    assert_true(backoff_after(&backoff, &answer, 59 * S) > 0);
    assert_false(backoff.is_breach);
    http_answer_fini(&answer);
}

static void accuses_who_limits_far_below_500_a_minute(void **state)
{
    struct backoff backoff = { .sent = 0 };
    struct http_answer answer = limited("1");

    (void)state;
    for (int64_t i = 0; i < 200; i++)
        backoff_sent(&backoff, i * S / 2);
    assert_true(backoff_after(&backoff, &answer, 100 * S) == 0);
    assert_true(backoff.is_breach);
    http_answer_fini(&answer);
}

static void accuses_nobody_who_was_sent_nearly_500(void **state)
{
    struct backoff backoff = { .sent = 0 };
    struct http_answer answer = limited("1");

    (void)state;
    for (int64_t i = 0; i < 1000; i++)
        backoff_sent(&backoff, i * 100);
    assert_true(backoff_after(&backoff, &answer, 100 * S) == S);
    assert_false(backoff.is_breach);
    http_answer_fini(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_as_long_as_it_is_told),
        cmocka_unit_test(waits_longer_each_time_where_nothing_is_said_and_not_for_ever),
        cmocka_unit_test(accuses_nobody_in_the_first_minute),
        cmocka_unit_test(accuses_who_limits_far_below_500_a_minute),
        cmocka_unit_test(accuses_nobody_who_was_sent_nearly_500),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
