/* /_mock/clock: set, moved, stopped; and time that passes for what is signed already. */
#include "support/monotonic.h"
#include "tests/stage.h"
#include "tests/unit.h"
#include <time.h>

#define BODY "{\"channel_type\":\"email\",\"channel_id\":\"clock@example.com\"}"

static const char id[] = "11111111-1111-4111-8111-111111111111";
static const char key[] = "FakeKeyOfTeamOneFakeKeyOfTeamOne";

/* The answer to a write whose token was signed at @iat. */
static int post(struct stage *stage, int64_t iat)
{
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
    stage_sign(stage, id, key, iat);
    return stage_run(stage);
}

static int put(struct stage *stage, const char *body)
{
    return stage_call(stage, "PUT", "/_mock/clock", body);
}

STAGE_TEST(shows_its_time)
{
    struct stage *stage = *state;

    assert_int_equal(stage_call(stage, "GET", "/_mock/clock", NULL), 200);
    assert_string_equal(stage_body(stage),
                        "{\"v\":1,\"clock\":\"frozen\",\"now\":1713225600,\"elapsed\":[]}");
}

STAGE_TEST(stands_where_it_was_put)
{
    struct stage *stage = *state;

    assert_int_equal(put(stage, "{\"now\":1800000000}"), 200);
    assert_string_equal(stage_body(stage),
                        "{\"v\":1,\"clock\":\"frozen\",\"now\":1800000000,\"elapsed\":[]}");
    assert_int_equal(post(stage, 1800000000), 200);
    assert_int_equal(post(stage, 1800000000 - 299), 200);
    assert_int_equal(post(stage, 1800000000 - 300), 401);
    assert_int_equal(post(stage, 1800000000 + 60), 200);
    assert_int_equal(post(stage, 1800000000 + 61), 401);
    assert_non_null(strstr(stage_head(stage), "Date: Fri, 15 Jan 2027 08:00:00 GMT\r\n"));
}

STAGE_TEST(moves_with_the_real_one)
{
    struct stage *stage = *state;

    assert_int_equal(put(stage, "{\"offset_s\":-301}"), 200);
    assert_true(stage_says(stage, "\"clock\":\"offset\""));
    assert_true(stage_says(stage, "\"offset_s\":-301"));
    assert_int_equal(post(stage, time(NULL) - 301), 200);
    assert_int_equal(post(stage, time(NULL)), 401);
    assert_int_equal(put(stage, "{\"real\":true}"), 200);
    assert_true(stage_says(stage, "\"clock\":\"real\""));
    assert_int_equal(post(stage, time(NULL)), 200);
}

/* [J6] Tells a client that caches its token too long from one that signs each request. */
STAGE_TEST(time_passes_for_what_is_signed_already)
{
    struct stage *stage = *state;

    assert_int_equal(post(stage, STAGE_NOW), 200);
    assert_int_equal(put(stage, "{\"elapse_s\":301}"), 200);
    assert_string_equal(stage_body(stage),
                        "{\"v\":1,\"clock\":\"frozen\",\"now\":1713225601,\"elapsed\":"
                        "[{\"iat_until\":1713225600,\"elapse_s\":301}]}");
    assert_int_equal(post(stage, STAGE_NOW), 401);
    assert_true(stage_says(stage, "\"clause\":\"J6\""));
    assert_int_equal(post(stage, STAGE_NOW + 1), 200);
}

STAGE_TEST(several_add_up)
{
    struct stage *stage = *state;

    assert_int_equal(put(stage, "{\"elapse_s\":100}"), 200);
    assert_int_equal(post(stage, STAGE_NOW), 200);
    assert_int_equal(put(stage, "{\"elapse_s\":100}"), 200);
    assert_int_equal(put(stage, "{\"elapse_s\":97}"), 200);
    assert_int_equal(post(stage, STAGE_NOW - 1), 401);
    assert_int_equal(post(stage, STAGE_NOW), 401);
    assert_int_equal(post(stage, STAGE_NOW + 1), 200);
    assert_int_equal(post(stage, STAGE_NOW + 3), 200);
}

/* exp, nbf and J7 are judged by the same moment as J6. */
STAGE_TEST(the_doctor_sees_the_same_age)
{
    struct stage *stage = *state;
    char body[1100];

    assert_int_equal(put(stage, "{\"elapse_s\":250}"), 200);
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), NULL);
    stage_sign(stage, id, key, STAGE_NOW);
    snprintf(body, sizeof body, "{\"authorization\":\"%s\"}", stage->authorization);
    assert_int_equal(stage_call(stage, "POST", "/_mock/doctor", body), 200);
    assert_true(stage_says(stage, "\"verdict\":\"good\",\"now\":1713225851,\"age_s\":251"));
}

STAGE_TEST(a_clock_that_is_set_forgets_what_elapsed)
{
    struct stage *stage = *state;

    assert_int_equal(put(stage, "{\"elapse_s\":301}"), 200);
    assert_int_equal(put(stage, "{\"now\":1713225600}"), 200);
    assert_int_equal(post(stage, STAGE_NOW), 200);
}

/* A token that is signed after the answer has an iat that is not older than the elapse. */
STAGE_TEST(under_a_clock_that_runs_the_call_waits_for_the_next_second)
{
    struct stage *stage = *state;
    int64_t before, after;

    assert_int_equal(put(stage, "{\"real\":true}"), 200);
    before = time(NULL);
    assert_int_equal(put(stage, "{\"elapse_s\":301}"), 200);
    after = stage->x->now_s;
    assert_in_range(after, before + 1, time(NULL) + 1);
    assert_int_equal(post(stage, before), 401);
    assert_int_equal(post(stage, after), 200);
}

STAGE_TEST(a_stop_ends_the_wait)
{
    struct stage *stage = *state;
    bool is_short = false;

    /* A boundary that is an hour away: nothing but the stop, or the limit of two seconds, ends it.
     * A busy machine may take a second for anything, but not always. */
    assert_int_equal(put(stage, "{\"offset_s\":0}"), 200);
    stage->mock.main.slot.present->clock.elapses[0] = (struct clock_elapse){ time(NULL) + 3600, 1 };
    stage->mock.main.slot.present->clock.elapse_count = 1;
    atomic_store(&stage->mock.is_stopping, true);
    for (int i = 0; i < 10 && !is_short; i++) {
        int64_t began_us = monotonic_us();

        assert_int_equal(put(stage, "{\"elapse_s\":1}"), 200);
        is_short = monotonic_us() - began_us < 1000000;
    }
    assert_true(is_short);
}

STAGE_TEST(a_mistake_is_named_with_its_place_and_changes_nothing)
{
    static const struct {
        const char *body, *says;
    } rows[] = {
        { "{}", "(root): found 0 members, expected exactly one of real, offset_s, now, elapse_s" },
        { "", "found 0 members" },
        { "{\"now\":1,\"real\":true}", "found 2 members, expected exactly one of" },
        { "{\"real\":false}", "body:1:9: /real: expected true" },
        { "{\"real\":1}", "/real: expected true" },
        { "{\"offset\":1}", "body:1:2: /offset: found an unknown member" },
        { "{\"offset_s\":\"301\"}", "/offset_s: found a string, expected an integer" },
        { "{\"offset_s\":1.5}", "body:1:13: /offset_s: found a real number, expected an integer" },
        { "{\"offset_s\":99999999999}", "/offset_s: found 99999999999, expected an integer from" },
        { "{\"offset_s\":99999999999999999999}", "body:1:" },
        { "{\"now\":-1}", "/now: found -1, expected an integer from 0 to 253402300799" },
        { "{\"now\":253402300800}", "/now: found 253402300800" },
        { "{\"now\":null}", "/now: found null, expected an integer" },
        { "{\"elapse_s\":0}", "/elapse_s: found 0, expected an integer from 1 to 31622400" },
        { "{\"elapse_s\":-5}", "/elapse_s: found -5" },
        { "{\"elapse_s\":31622401}", "/elapse_s: found 31622401" },
        { "[301]", "(root): found an array, expected an object" },
        { "301", "(root): found an integer, expected an object" },
        { "{\"now\":1", "body:1:9" },
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(put(stage, rows[i].body), 400);
        if (!stage_says(stage, rows[i].says))
            fail_msg("%s: %s", rows[i].body, stage_body(stage));
    }
    shows_its_time(state);
}
