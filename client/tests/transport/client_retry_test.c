/* What the client sends again, what it never does, and how long it keeps token and connection
 * [E4 E5 E7 J6]. */
#include "tests/client_bench.h"
#include "tests/unit.h"

TEST(tries_four_times_where_nobody_listens)
{
    client_bench_begin_at(test_server_nobody(), CLIENT_BENCH_TIMEOUT_MS);
    assert_int_equal(client_bench_create(), HM_NOT_SENT);
    assert_int_equal(client_bench.err.attempts, 4);
    assert_int_equal(client_bench.err.written, HM_WRITTEN_NO);
    assert_int_equal(client_bench.err.status, 0);
    assert_non_null(strstr(client_bench.err.text, "refused"));
    assert_int_equal(client_bench.list.count, 0);
    assert_string_equal(client_bench.events, "request 1, answer 1 0, retry 1 (not sent), "
                                             "request 2, answer 2 0, retry 2 (not sent), "
                                             "request 3, answer 3 0, retry 3 (not sent), "
                                             "request 4, answer 4 0");
}

TEST(tries_once_where_the_certificate_is_not_believed)
{
    static const struct test_turn turns[] = { CREATED };

    client_bench.server = test_server_start_tls(turns, 1);
    client_bench_begin_at(test_server_url(client_bench.server), CLIENT_BENCH_TIMEOUT_MS);
    assert_int_equal(client_bench_create(), HM_NOT_SENT);
    assert_int_equal(client_bench.err.attempts, 1);
    assert_non_null(strstr(client_bench.err.text, "certificate"));
    assert_non_null(strstr(client_bench.err.text, "--ca-file"));
    assert_string_equal(client_bench.events, "request 1, answer 1 0");
}

/* [E7] What may have been written is not sent a second time. */
static void assert_outcome_unknown_after(size_t requests_before)
{
    assert_int_equal(client_bench_create(), HM_OUTCOME_UNKNOWN);
    assert_int_equal(client_bench_requests(), requests_before + 1);
    assert_int_equal(client_bench.err.attempts, 1);
    assert_int_equal(client_bench.err.written, HM_WRITTEN_UNKNOWN);
    assert_non_null(strstr(client_bench.err.text, "may have been done"));
}

TEST(does_not_repeat_what_a_closing_server_took)
{
    static const struct test_turn closes[] = { { .then = TEST_CLOSES } };

    client_bench_begin(closes, 1);
    assert_outcome_unknown_after(0);
}

TEST(does_not_repeat_on_a_connection_in_use)
{
    static const struct test_turn turns[] = {
        CREATED, { .then = TEST_CLOSES }, CREATED, { .then = TEST_RESETS }
    };

    client_bench_begin(turns, 4);
    assert_int_equal(client_bench_create(), HM_OK);
    assert_outcome_unknown_after(1);
    assert_int_equal(client_bench_create(), HM_OK);
    assert_outcome_unknown_after(3);
}

TEST(does_not_repeat_after_a_truncated_answer)
{
    static const struct test_turn cut[] = { { .status = 200,
                                              .headers = HEADERS,
                                              .body = "[" ELEMENT "]",
                                              .held_back = 1,
                                              .then = TEST_CLOSES } };

    client_bench_begin(cut, 1);
    assert_outcome_unknown_after(0);
    assert_int_equal(client_bench.err.status, 200);
    assert_string_equal(client_bench.err.request_id, REQUEST_ID);
}

TEST(does_not_repeat_after_its_time_is_up)
{
    static const struct test_turn stalls[] = { { .then = TEST_STALLS } };

    client_bench.server = test_server_start(stalls, 1);
    client_bench_begin_at(test_server_url(client_bench.server), 1500);
    assert_outcome_unknown_after(0);
}

TEST(waits_and_repeats_after_429)
{
    static const struct test_turn turns[] = {
        { .status = 429, .headers = "Retry-After: 0\r\n" },
        { .status = 429, .headers = "Retry-After: Tue, 16 Apr 2024 00:00:00 GMT\r\n" },
        { .status = 429, .headers = "Retry-After: nonsense\r\n" },
        CREATED,
    };

    client_bench_begin(turns, 4);
    assert_int_equal(client_bench_create(), HM_OK);
    assert_int_equal(client_bench.list.attempts, 4);
    assert_int_equal(client_bench_requests(), 4);
    assert_int_equal(test_server_connections(client_bench.server), 1);
    assert_string_equal(client_bench.events,
                        "request 1, answer 1 429, retry 1 (429), request 2, answer 2 429, "
                        "retry 2 (429), request 3, answer 3 429, retry 3 (429), "
                        "request 4, answer 4 200 " REQUEST_ID);
}

TEST(gives_up_after_four_429)
{
    static const struct test_turn turns[] = { { .status = 429, .headers = HEADERS } };

    client_bench_begin(turns, 1);
    assert_int_equal(client_bench_create(), HM_RATE_LIMITED);
    assert_int_equal(client_bench_requests(), 4);
    assert_int_equal(client_bench.err.attempts, 4);
    assert_int_equal(client_bench.err.written, HM_WRITTEN_NO);
    assert_string_equal(client_bench.err.clause, "E4");
}

TEST(returns_at_once_when_retry_after_exceeds_the_time_left)
{
    static const struct test_turn turns[] = { { .status = 429, .headers = "Retry-After: 61\r\n" } };

    client_bench_begin(turns, 1);
    assert_int_equal(client_bench_create(), HM_RATE_LIMITED);
    assert_int_equal(client_bench_requests(), 1);
    assert_int_equal(client_bench.err.attempts, 1);
    assert_non_null(strstr(client_bench.err.text, "Retry-After is \"61\""));
}

TEST(repeats_one_401_to_a_kept_token_with_a_new_one)
{
    static const struct test_turn turns[] = { CREATED, { .status = 401 }, CREATED };

    client_bench_begin(turns, 3);
    assert_int_equal(client_bench_create(), HM_OK);
    client_bench.now += 10;
    assert_int_equal(client_bench_create(), HM_OK);
    assert_int_equal(client_bench.list.attempts, 2);
    assert_int_equal(client_bench_requests(), 3);
    assert_string_equal(client_bench_token(0), client_bench_token(1));
    assert_string_not_equal(client_bench_token(1), client_bench_token(2));
}

TEST(repeats_no_second_401)
{
    static const struct test_turn turns[] = { CREATED, { .status = 401 } };

    client_bench_begin(turns, 2);
    assert_int_equal(client_bench_create(), HM_OK);
    assert_int_equal(client_bench_create(), HM_CREDENTIALS_REFUSED);
    assert_int_equal(client_bench.err.attempts, 2);
    assert_int_equal(client_bench_requests(), 3);
}

TEST(keeps_a_token_for_240_seconds)
{
    static const struct test_turn turns[] = { CREATED };
    static const int64_t times[] = { CLIENT_BENCH_NOW, CLIENT_BENCH_NOW + 239,
                                     CLIENT_BENCH_NOW + 240, CLIENT_BENCH_NOW + 241,
                                     CLIENT_BENCH_NOW + 239 };

    client_bench_begin(turns, 1);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        client_bench.now = times[i];
        assert_int_equal(client_bench_create(), HM_OK);
    }
    assert_string_equal(client_bench_token(0), client_bench_token(1));
    assert_string_not_equal(client_bench_token(1), client_bench_token(2)); /* 240 s old */
    assert_string_equal(client_bench_token(2), client_bench_token(3));
    assert_string_not_equal(client_bench_token(3),
                            client_bench_token(4)); /* the clock went back before its iat */
}

TEST(reuses_its_connection)
{
    static const struct test_turn turns[] = { CREATED };

    client_bench_begin(turns, 1);
    for (int i = 0; i < 5; i++)
        assert_int_equal(client_bench_create(), HM_OK);
    assert_int_equal(client_bench_requests(), 5);
    assert_int_equal(test_server_connections(client_bench.server), 1);
}

EACH_TEST_WITHIN(NULL, client_bench_end)
