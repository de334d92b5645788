/* PUT /_mock/policy: merged, by the rules of a profile. */
#include "tests/stage.h"
#include "tests/unit.h"

#define NEW_TYPE "{\"channel_type\":\"phone\",\"channel_id\":\"+14155550123\"}"

static int post(struct stage *stage)
{
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), NEW_TYPE);
    return stage_run(stage);
}

STAGE_TEST(what_is_named_changes_and_the_rest_stays)
{
    struct stage *stage = *state;

    assert_int_equal(post(stage), 200);
    assert_int_equal(stage_call(stage, "PUT", "/_mock/policy",
                                "{\"policy\":{\"phone-format\":\"reject\",\"future-iat\":5}}"),
                     200);
    assert_true(stage_says(stage, "\"phone-format\":\"reject\""));
    assert_true(stage_says(stage, "\"future-iat\":\"5\""));
    assert_int_equal(post(stage), 400);
    assert_int_equal(
        stage_call(stage, "PUT", "/_mock/policy", "{\"v\":1,\"policy\":{\"typ\":\"reject\"}}"),
        200);
    assert_true(stage_says(stage, "\"typ\":\"reject\",\"legacy-key\":\"reject\""));
    assert_true(stage_says(stage, "\"phone-format\":\"reject\""));
    assert_int_equal(post(stage), 400);
}

/* What GET answers can be put back. */
STAGE_TEST(an_answer_is_a_profile)
{
    struct stage *stage = *state;
    char answer[4096];

    assert_int_equal(stage_call(stage, "GET", "/_mock/policy", NULL), 200);
    snprintf(answer, sizeof answer, "%s", stage_body(stage));
    assert_int_equal(stage_call(stage, "PUT", "/_mock/policy", answer), 200);
    assert_string_equal(stage_body(stage), answer);
}

/* For a page that offers them. */
STAGE_TEST(it_says_what_can_be_chosen_the_default_first)
{
    struct stage *stage = *state;

    assert_int_equal(stage_call(stage, "GET", "/_mock/policy", NULL), 200);
    assert_true(stage_says(stage, "\"choices\":{\"media-type\":[\"reject\",\"accept\"],"));
    assert_true(stage_says(stage, "\"future-iat\":[\"60\"],"));
    assert_true(stage_says(stage, "\"duplicate-channel\":[\"keep\",\"append\",\"reject\"],"));
}

STAGE_TEST(a_mistake_is_named_with_its_place_and_changes_nothing)
{
    static const struct {
        const char *body, *says;
    } rows[] = {
        { "{\"policy\":{\"typ\":\"reject\",\"phone-format\":\"x\"}}",
          "body:1:42: /policy/phone-format: found x, expected warn or reject" },
        { "{\"policy\":{\"tpy\":\"reject\"}}", "/policy/tpy: unknown name tpy, expected one of" },
        { "{\"policy\":{\"typ\":true}}", "/policy/typ: found true, expected warn or reject" },
        { "{\"policy\":{\"future-iat\":-1}}", "/policy/future-iat: found -1, expected seconds" },
        { "{\"policy\":[]}", "/policy: found an array, expected an object" },
        { "{\"typ\":\"reject\"}", "body:1:2: /typ: found an unknown member" },
        { "{}", "/policy: found nothing, expected an object" },
        { "", "/policy: found nothing, expected an object" },
        { "[]", "(root): found an array, expected an object" },
        { "{\"v\":2,\"policy\":{}}", "/v: found 2, expected 1" },
        { "{\"policy\":{\"typ\":\"warn\",\"typ\":\"warn\"}}", "body:1:" },
        { "{\"policy\":", "body:1:" },
    };
    struct stage *stage = *state;
    struct policy before = stage->mock.main.slot.present->policy;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(stage_call(stage, "PUT", "/_mock/policy", rows[i].body), 400);
        if (!stage_says(stage, rows[i].says))
            fail_msg("%s: %s", rows[i].body, stage_body(stage));
        assert_memory_equal(&before, &stage->mock.main.slot.present->policy, sizeof before);
    }
}
