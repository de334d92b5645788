/* What may be sent again, and when [E4 E5 E7]. */
#include "tests/unit.h"
#include "transport/retry.h"

#include <heymarket/client.h>

static const struct retry_pace pace = RETRY_PACE_DEFAULT;
enum { LONG_MS = 3600000 };

static struct retry_attempt answered(int status)
{
    return (struct retry_attempt){ .number = 1,
                                   .outcome = HTTP_ANSWERED,
                                   .status = status,
                                   .retry_after_ms = RETRY_NO_LOWER_BOUND,
                                   .time_left_ms = LONG_MS };
}

static struct retry_attempt not_sent(int number, uint64_t chance)
{
    return (struct retry_attempt){ .number = number,
                                   .outcome = HTTP_NOT_SENT,
                                   .retry_after_ms = RETRY_NO_LOWER_BOUND,
                                   .time_left_ms = LONG_MS,
                                   .chance = chance };
}

static bool is_again(struct retry_attempt attempt)
{
    return retry_decide(&attempt, &pace).is_again;
}

static int64_t wait_of(struct retry_attempt attempt)
{
    return retry_decide(&attempt, &pace).wait_ms;
}

TEST(never_repeats_what_may_have_been_written)
{
    static const int statuses[] = {
        200, 201, 302, 400, 403, 404, 408, 413, 415, 500, 502, 503, 504
    };
    struct retry_attempt lost = answered(0);

    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        assert_false(is_again(answered(statuses[i])));
    lost.outcome = HTTP_NO_ANSWER;
    assert_false(is_again(lost));
    lost.status = 429; /* an answer that broke off is none */
    assert_false(is_again(lost));
    lost.outcome = HTTP_ANSWER_TOO_BIG;
    assert_false(is_again(lost));
}

TEST(repeats_what_was_not_sent_four_times_in_all)
{
    assert_true(is_again(not_sent(1, 0)));
    assert_true(is_again(not_sent(3, 0)));
    assert_false(is_again(not_sent(4, 0)));
    assert_int_equal(HM_ATTEMPTS_MAX, 4);
}

TEST(does_not_ask_again_whether_a_certificate_is_believed)
{
    struct retry_attempt untrusted = not_sent(1, 0);

    untrusted.is_untrusted = true;
    assert_false(is_again(untrusted));
}

TEST(waits_any_part_of_a_doubling_time)
{
    struct retry_pace slow = { 500, 1500 };
    struct retry_attempt third = not_sent(3, 1500);

    assert_int_equal(wait_of(not_sent(1, 0)), 0);
    assert_int_equal(wait_of(not_sent(1, 500)), 500);
    assert_int_equal(wait_of(not_sent(1, 501)), 0);
    assert_int_equal(wait_of(not_sent(2, 1000)), 1000);
    assert_int_equal(wait_of(not_sent(3, 2000)), 2000);
    assert_in_range(wait_of(not_sent(1, UINT64_MAX)), 0, 500);
    assert_int_equal(retry_decide(&third, &slow).wait_ms, 1500);
    third.chance = 1501;
    assert_int_equal(retry_decide(&third, &slow).wait_ms, 0);
}

TEST(waits_at_least_as_long_as_retry_after_says)
{
    struct retry_attempt limited = answered(429);

    limited.retry_after_ms = 2000;
    assert_int_equal(wait_of(limited), 2000);
    limited.retry_after_ms = 100;
    limited.chance = 400;
    assert_int_equal(wait_of(limited), 400);
}

TEST(returns_at_once_when_too_little_time_is_left_after_the_wait)
{
    struct retry_attempt limited = answered(429);

    limited.retry_after_ms = 2000;
    limited.time_left_ms = 2000 + RETRY_NEEDS_LEAST_MS;
    assert_false(is_again(limited));
    limited.time_left_ms++;
    assert_true(is_again(limited));
    limited.took_ms = 500; /* the next one may need as long */
    limited.time_left_ms = 2500;
    assert_false(is_again(limited));
    limited.time_left_ms++;
    assert_true(is_again(limited));
    limited.took_ms = LONG_MS;
    limited.time_left_ms = 2001 + RETRY_NEEDS_MOST_MS;
    assert_true(is_again(limited));
    limited.time_left_ms = 0;
    limited.retry_after_ms = RETRY_NO_LOWER_BOUND;
    assert_false(is_again(limited));
    limited.time_left_ms = -5;
    assert_false(is_again(limited));
}

TEST(repeats_one_401_to_a_kept_token_with_a_new_one)
{
    struct retry_attempt refused = answered(401);
    struct retry_decision decision;

    assert_false(is_again(refused));
    refused.was_token_kept = true;
    decision = retry_decide(&refused, &pace);
    assert_true(decision.is_again);
    assert_true(decision.needs_new_token);
    assert_int_equal(decision.wait_ms, 0);
    refused.had_new_token = true;
    assert_false(is_again(refused));
}

static int64_t after(const char *value, int64_t now)
{
    return retry_after_ms(value, strlen(value), now);
}

TEST(reads_retry_after_in_seconds)
{
    assert_int_equal(after("0", 0), 0);
    assert_int_equal(after("120", 0), 120000);
    assert_true(after("99999999999999999999999", 0) == INT64_MAX);
    assert_int_equal(after("", 0), RETRY_NO_LOWER_BOUND);
    assert_int_equal(after("-1", 0), RETRY_NO_LOWER_BOUND);
    assert_int_equal(after("1.5", 0), RETRY_NO_LOWER_BOUND);
    assert_int_equal(after("soon", 0), RETRY_NO_LOWER_BOUND);
}

TEST(reads_retry_after_as_any_http_date)
{
    /* RFC 9110's own examples; 784111777 by date -u -d. */
    assert_int_equal(after("Sun, 06 Nov 1994 08:49:37 GMT", 784111777 - 10), 10000);
    assert_int_equal(after("Sunday, 06-Nov-94 08:49:37 GMT", 784111777 - 10), 10000);
    assert_int_equal(after("Sun Nov  6 08:49:37 1994", 784111777 - 10), 10000);
    assert_int_equal(after("Sun, 06 Nov 1994 08:49:37 GMT", 784111777), 0);
    assert_int_equal(after("Sun, 06 Nov 1994 08:49:37 GMT", 1713225600), 0);
    assert_int_equal(after("Thu, 29 Feb 2024 00:00:00 GMT", 1709164800 - 1), 1000);
    assert_int_equal(after("Fri, 01 Mar 2024 00:00:00 GMT", 1709251200 - 1), 1000);
    assert_int_equal(after("Sunday, 06-Nov-94 08:49:37 GMT", 1713225600), 0);
}

TEST(takes_a_broken_date_for_none)
{
    static const char *const broken[] = {
        "Sun, 06 Nov 1994",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nox 1994 08:49:37 GMT",
        "2024-04-16T00:00:00Z",
        ", ,, -",
    };

    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_int_equal(after(broken[i], 1000), RETRY_NO_LOWER_BOUND);
    assert_int_equal(after("Sun, 06 Nov 1994 08:49:37 GMT", -1), RETRY_NO_LOWER_BOUND);
    assert_int_equal(after("Sun, 06 Nov 1994 08:49:37 GMT", INT64_MAX), RETRY_NO_LOWER_BOUND);
}
