#include "tests/suite_test.h"

#include "target/backoff.h"

static const int64_t S = 1000; /* ms */

/* An answer of 429, with or without Retry-After. */
static struct http_answer limited(const char *retry_after)
{
    struct http_answer answer = { .outcome = HTTP_ANSWERED, .status = 429 };

    buf_init(&answer.headers, 200);
    buf_puts(&answer.headers, "HTTP/1.1 429 Too Many Requests\r\n");
    if (retry_after != NULL)
        buf_printf(&answer.headers, "Retry-After: %s\r\n", retry_after);
    return answer;
}

TEST(waits_as_long_as_retry_after_says)
{
    struct backoff backoff = { .sent = 0 };
    int64_t waited_ms = 0;
    struct http_answer answer = limited("7");

    backoff_sent(&backoff, 0);
    assert_true(backoff_after(&backoff, &waited_ms, &answer, 1) == 7 * S);
    http_answer_fini(&answer);
}

TEST(never_sends_again_before_retry_after_is_over)
{
    static const char *const texts[] = { "66", "120", "7200", "999999999999999" };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct backoff backoff = { .sent = 0 };
        int64_t waited_ms = 0;
        struct http_answer answer = limited(texts[i]);

        backoff_sent(&backoff, 0);
        assert_true(backoff_after(&backoff, &waited_ms, &answer, 1) == 0);
        http_answer_fini(&answer);
    }
}

TEST(waits_longer_each_time_without_retry_after_up_to_a_limit)
{
    struct backoff backoff = { .sent = 0 };
    int64_t waited_ms = 0;
    struct http_answer answer = limited(NULL);
    int64_t sum = 0;
    int64_t wait;
    int times = 0;

    backoff_sent(&backoff, 0);
    while ((wait = backoff_after(&backoff, &waited_ms, &answer, 1)) > 0 && times < 100) {
        sum += wait;
        times++;
    }
    assert_true(times > 3 && times < 12);
    assert_true(sum == BACKOFF_WAIT_MS_MAX);
    waited_ms = 0;
    assert_true(backoff_after(&backoff, &waited_ms, &answer, 1) == S);
    http_answer_fini(&answer);
}

/* [E4] An earlier run may have used up the minute. */
TEST(does_not_report_a_limit_in_the_first_minute)
{
    struct backoff backoff = { .sent = 0 };
    int64_t waited_ms = 0;
    struct http_answer answer = limited("1");

    backoff_sent(&backoff, 0);
    assert_true(backoff_after(&backoff, &waited_ms, &answer, 59 * S) > 0);
    assert_false(backoff.is_breach);
    http_answer_fini(&answer);
}

TEST(reports_a_limit_far_below_500_a_minute)
{
    struct backoff backoff = { .sent = 0 };
    int64_t waited_ms = 0;
    struct http_answer answer = limited("1");

    for (int64_t i = 0; i < 200; i++)
        backoff_sent(&backoff, i * S / 2);
    assert_true(backoff_after(&backoff, &waited_ms, &answer, 100 * S) == 0);
    assert_true(backoff.is_breach);
    http_answer_fini(&answer);
}

TEST(does_not_report_a_limit_near_500)
{
    struct backoff backoff = { .sent = 0 };
    int64_t waited_ms = 0;
    struct http_answer answer = limited("1");

    for (int64_t i = 0; i < 1000; i++)
        backoff_sent(&backoff, i * 100);
    assert_true(backoff_after(&backoff, &waited_ms, &answer, 100 * S) == S);
    assert_false(backoff.is_breach);
    http_answer_fini(&answer);
}
