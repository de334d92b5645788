/* POST /_mock/reset: back to what was loaded, in whole or in part. */
#include "fault/fault_read.h"
#include "journal/journal.h"
#include "operation/limit.h"
#include "tests/stage.h"
#include "tests/unit.h"

enum { PARTS = 6, LIMIT = 3 };

#define BODY "{\"channel_type\":\"email\",\"channel_id\":\"reset@example.com\"}"

/* The stage, as if it had been loaded with a fault for bob and a rate limit. */
static int setup(void **state)
{
    struct stage *stage;
    struct state *loaded;

    if (stage_setup_journal(state) != 0)
        return -1;
    stage = *state;
    loaded = stage->mock.main.slot.present;
    if (limit_new(&loaded->limit, 8, LIMIT, NULL) != HM_OK ||
        faults_new(&loaded->faults, NULL) != HM_OK ||
        faults_add(loaded->faults, loaded->store, "contact=" STAGE_EMPTY ",status=500,times=1",
                   NULL) != HM_OK)
        return -1;
    return 0;
}

static int post(struct stage *stage, const char *path)
{
    int status;

    stage_request(stage, "POST", path, BODY);
    status = stage_run(stage);
    dispatch_end(stage->x);
    return status;
}

static size_t journal_count(struct stage *stage)
{
    struct journal_view view;
    size_t count;

    if (!journal_view_take(&view, stage->mock.main.journal))
        abort();
    count = view.count;
    journal_view_fini(&view);
    return count;
}

static bool is_new_channel_there(struct stage *stage)
{
    stage_call(stage, "GET", "/_mock/contacts/" STAGE_ADA, NULL);
    return stage_says(stage, "reset@example.com");
}

/* Which of the parts are as they were loaded, in the order of the names. */
static void parts_see(struct stage *stage, bool are_reset[PARTS])
{
    bool is_free;

    are_reset[0] = !is_new_channel_there(stage);
    are_reset[1] = journal_count(stage) == 0;
    stage_call(stage, "GET", "/_mock/faults", NULL);
    are_reset[2] = stage_says(stage, "\"status\":500") && stage_says(stage, "\"matched\":0");
    stage_call(stage, "GET", "/_mock/clock", NULL);
    are_reset[3] = stage_says(stage, "\"now\":1713225600");
    is_free =
        limit_admit(stage->mock.main.slot.present->limit, 0, STAGE_NOW * INT64_C(1000000)) == 0;
    are_reset[4] = is_free;
    stage_call(stage, "GET", "/_mock/policy", NULL);
    are_reset[5] = stage_says(stage, "\"typ\":\"warn\"");
}

/* Changes every part. */
static void all_use(struct stage *stage)
{
    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA)), 200);
    assert_int_equal(post(stage, STAGE_PATH(STAGE_EMPTY)), 500);
    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA)), 200);
    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA)), 429);
    assert_int_equal(stage_call(stage, "DELETE", "/_mock/faults", NULL), 200);
    assert_int_equal(stage_call(stage, "PUT", "/_mock/clock", "{\"elapse_s\":20}"), 200);
    assert_int_equal(stage_call(stage, "PUT", "/_mock/policy", "{\"policy\":{\"typ\":\"reject\"}}"),
                     200);
}

TEST(each_part_alone)
{
    static const char *const names[PARTS] = { "state", "journal", "faults",
                                              "clock", "limits",  "policy" };
    struct stage *stage = *state;

    for (size_t i = 0; i < PARTS; i++) {
        bool are_reset[PARTS];
        char body[64];

        assert_int_equal(stage_call(stage, "POST", "/_mock/reset", "{\"what\":[]}"), 200);
        all_use(stage);
        snprintf(body, sizeof body, "{\"what\":[\"%s\"]}", names[i]);
        assert_int_equal(stage_call(stage, "POST", "/_mock/reset", body), 200);
        snprintf(body, sizeof body, "{\"v\":1,\"reset\":[\"%s\"]}", names[i]);
        assert_string_equal(stage_body(stage), body);
        parts_see(stage, are_reset);
        for (size_t j = 0; j < PARTS; j++) {
            if (are_reset[j] != (i == j))
                fail_msg("reset of %s: %s", names[i], names[j]);
        }
    }
}

TEST(all_of_it_where_nothing_is_named)
{
    static const char *const bodies[] = { "", "{}", "{\"what\":[]}", "{\"v\":1}" };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        bool are_reset[PARTS];

        all_use(stage);
        assert_int_equal(stage_call(stage, "POST", "/_mock/reset", bodies[i]), 200);
        assert_string_equal(stage_body(stage),
                            "{\"v\":1,\"reset\":[\"state\",\"journal\",\"faults\",\"clock\","
                            "\"limits\",\"policy\",\"expect\"]}");
        parts_see(stage, are_reset);
        for (size_t j = 0; j < PARTS; j++)
            assert_true(are_reset[j]);
        assert_int_equal(stage_call(stage, "POST", "/_mock/reset", "{\"what\":[\"limits\"]}"), 200);
    }
}

TEST(a_fault_that_was_loaded_is_due_again)
{
    struct stage *stage = *state;

    assert_int_equal(post(stage, STAGE_PATH(STAGE_EMPTY)), 500);
    assert_int_equal(post(stage, STAGE_PATH(STAGE_EMPTY)), 200);
    assert_int_equal(stage_call(stage, "POST", "/_mock/reset", NULL), 200);
    assert_int_equal(post(stage, STAGE_PATH(STAGE_EMPTY)), 500);
}

TEST(what_was_written_before_a_reset_is_freed)
{
    struct stage *stage = *state;
    const struct state_slot *slot = &stage->mock.main.slot;

    for (int i = 0; i < 3; i++) {
        const struct store *written = slot->present->store;

        assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA)), 200);
        assert_int_equal(stage_call(stage, "POST", "/_mock/reset", "{\"what\":[\"state\"]}"), 200);
        assert_ptr_not_equal(slot->present->store, written);
        assert_ptr_equal(slot->initial->store, slot->present->store);
        assert_false(is_new_channel_there(stage));
    }
}

/* It began before the reset, and writes to the store that was. */
TEST(a_request_under_way_finishes_on_what_was)
{
    struct stage *stage = *state;
    struct exchange *early = stage->x, *late = stage_exchange_new(&stage->mock);

    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
    stage->x = late;
    assert_int_equal(stage_call(stage, "POST", "/_mock/reset", NULL), 200);
    stage_exchange_free(late);
    stage->x = early;
    stage->body = BODY;
    stage->body_length = early->request.content_length > 0 ? strlen(BODY) : 0;
    stage->body_at = 0;
    stage_sign(stage, "11111111-1111-4111-8111-111111111111", "FakeKeyOfTeamOneFakeKeyOfTeamOne",
               STAGE_NOW);
    assert_int_equal(stage_run(stage), 200);
    assert_true(stage_says(stage, "reset@example.com"));
    dispatch_end(early);
    assert_false(is_new_channel_there(stage));
}

TEST(a_mistake_is_named_with_its_place_and_changes_nothing)
{
    static const struct {
        const char *body, *says;
    } rows[] = {
        { "{\"what\":[\"state\",\"x\"]}", "body:1:18: /what/1: found an unknown name, expected" },
        { "{\"what\":[1]}", "/what/0: found an integer, expected \\\"state\\\"" },
        { "{\"what\":\"state\"}", "/what: found a string, expected an array" },
        { "{\"whta\":[]}", "/whta: found an unknown member; did you mean \\\"what\\\"?" },
        { "[\"state\"]", "(root): found an array, expected an object" },
        { "{\"v\":2}", "/v: found 2, expected 1" },
        { "state", "body:1:1" },
    };
    struct stage *stage = *state;

    assert_int_equal(post(stage, STAGE_PATH(STAGE_ADA)), 200);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(stage_call(stage, "POST", "/_mock/reset", rows[i].body), 400);
        if (!stage_says(stage, rows[i].says))
            fail_msg("%s: %s", rows[i].body, stage_body(stage));
    }
    assert_true(is_new_channel_there(stage));
}

EACH_TEST_WITHIN(setup, stage_teardown)
