/* The table of misbehaviours is sound, and each kind of row does what it says. */
#include "fault/misbehave.h"

#include "support/fixture.h"
#include "tests/stage.h"
#include "tests/unit.h"

#define ADA_PATH STAGE_PATH(STAGE_ADA)
#define BODY     "{\"channel_type\":\"email\",\"channel_id\":\"New@x.example\"}"

/* The row's clause, which its name begins with. */
static const char *clause_of(const struct misbehaviour *row)
{
    static char clause[HM_CLAUSE_TEXT];

    snprintf(clause, sizeof clause, "%.*s", (int)strcspn(row->name, "-"), row->name);
    return clause;
}

static bool is_clause(const char *word)
{
    for (int m = 0; m < HM_MISTAKE_COUNT; m++) {
        if (strcmp(hm_mistake_row((enum hm_mistake)m)->clause, word) == 0)
            return true;
    }
    return false;
}

TEST(names_are_unique_and_do_one_thing)
{
    for (size_t i = 0; i < misbehaviour_count; i++) {
        const struct misbehaviour *row = &misbehaviours[i];

        assert_true(strlen(row->sentence) >= 8);
        if ((row->forgives != NULL) + (row->refuses != 0) +
                (row->write != WRITE_RIGHT || row->list != LIST_RIGHT || row->member != NULL) +
                (row->answer != ANSWER_RIGHT) !=
            1)
            fail_msg("%s does nothing, or two things", row->name);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(row->name, misbehaviours[k].name);
    }
}

/* Words are clauses or codes that there are: a row with a slip would forgive nothing. */
TEST(what_is_forgiven_is_a_clause_or_a_code)
{
    for (size_t i = 0; i < misbehaviour_count; i++) {
        char words[256], *rest = words;
        const char *word;

        strncpy(words, misbehaviours[i].forgives == NULL ? "" : misbehaviours[i].forgives,
                sizeof words - 1);
        words[sizeof words - 1] = '\0';
        while ((word = strtok_r(rest, " ", &rest)) != NULL) {
            enum hm_mistake mistake;

            if (strcmp(word, "*") != 0 && !is_clause(word) &&
                !hm_mistake_find(&mistake, NULL, word))
                fail_msg("%s forgives %s, which is nothing", misbehaviours[i].name, word);
        }
    }
}

TEST(every_s_and_d_clause_that_binds_servers_has_one)
{
    struct fixtures fixtures = { HM_SOURCE "/fixtures" };
    struct json_file file = { 0 };
    size_t i;
    json_t *clause;

    assert_int_equal(fixture_load(&file, &fixtures, "clauses.json", NULL), HM_OK);
    json_array_foreach (json_object_get(file.root, "clauses"), i, clause) {
        const char *id = json_string_value(json_object_get(clause, "id"));
        const char *source = json_string_value(json_object_get(clause, "source"));
        size_t k = 0;

        if (*source == 'A' ||
            strcmp(json_string_value(json_object_get(clause, "binds")), "client") == 0)
            continue;
        while (k < misbehaviour_count && strcmp(clause_of(&misbehaviours[k]), id) != 0)
            k++;
        if (k == misbehaviour_count)
            fail_msg("%s has no misbehaviour", id);
    }
    json_file_fini(&file);
}

/* The stage's mock misbehaves so from here on. */
static struct stage *misbehave(void **state, const char *name)
{
    struct stage *stage = *state;

    misbehaving_free(stage->mock.main.misbehaving);
    assert_int_equal(misbehaving_new(&stage->mock.main.misbehaving, name, NULL), HM_OK);
    stage_request(stage, "POST", ADA_PATH, BODY);
    return stage;
}

static int teardown(void **state)
{
    struct stage *stage = *state;
    struct misbehaving *misbehaving = stage->mock.main.misbehaving;
    int result = stage_teardown(state);

    misbehaving_free(misbehaving);
    return result;
}

TEST_WITHIN(forgives_what_it_says_and_nothing_else, stage_setup, teardown)
{
    struct stage *stage = misbehave(state, "J5-accepts-single-pipe");
    const char *id = "11111111-1111-4111-8111-111111111111";

    stage_sign(stage, id, "FakeKeyOfTeamOneFakeKeyOfTeamOne", STAGE_NOW - 300);
    assert_int_equal(stage_run(stage), 401);
    misbehave(state, "J6-accepts-300");
    stage_sign(stage, id, "FakeKeyOfTeamOneFakeKeyOfTeamOne", STAGE_NOW - 300);
    assert_int_equal(stage_run(stage), 200);
    misbehave(state, "J6-accepts-300");
    stage_sign(stage, id, "FakeKeyOfTeamOneFakeKeyOfTeamOne", STAGE_NOW - 301);
    assert_int_equal(stage_run(stage), 401);
    misbehave(state, "J5-accepts-unknown-signature");
    stage_sign(stage, id, "FakeKeyOfNobodyFakeKeyOfNobody00", STAGE_NOW);
    assert_int_equal(stage_run(stage), 200);
    misbehave(state, "J5-accepts-unknown-signature");
    stage_sign(stage, id, "FakeKeyOfNobodyFakeKeyOfNobody00", STAGE_NOW - 300);
    assert_int_equal(stage_run(stage), 401);
}

TEST_WITHIN(refuses_good_ones, stage_setup, teardown)
{
    struct stage *stage = misbehave(state, "J12-single-use");

    assert_int_equal(stage_run(stage), 200);
    stage_request(stage, "POST", ADA_PATH, BODY);
    assert_int_equal(stage_run(stage), 401);
    stage = misbehave(state, "E4-limits-after-five");
    for (int i = 0; i < 5; i++) {
        stage_request(stage, "POST", ADA_PATH, BODY);
        assert_int_equal(stage_run(stage), 200);
    }
    stage_request(stage, "POST", ADA_PATH, BODY);
    assert_int_equal(stage_run(stage), 429);
}

TEST_WITHIN(writes_and_lists_wrongly, stage_setup, teardown)
{
    struct stage *stage = misbehave(state, "R3-small-id");

    assert_int_equal(stage_run(stage), 200);
    assert_true(stage_says(stage, "\"new@x.example\""));
    stage = misbehave(state, "R4-forgets");
    assert_int_equal(stage_run(stage), 200);
    assert_true(stage_says(stage, "\"New@x.example\""));
    stage = misbehave(state, "R3-writes-nothing");
    assert_int_equal(stage_run(stage), 200);
    assert_false(stage_says(stage, "\"New@x.example\""));
    misbehave(state, "R1-object");
    assert_int_equal(stage_run(stage), 200);
    assert_memory_equal(stage_body(stage), "{\"channels\":[{", 14);
    misbehave(state, "R2-contact-id-string");
    assert_int_equal(stage_run(stage), 200);
    assert_true(stage_says(stage, "\"contact_id\":\""));
}

TEST_WITHIN(answers_wrongly_but_for_the_control_plane, stage_setup, teardown)
{
    struct stage *stage = misbehave(state, "T4-no-request-id");

    assert_int_equal(stage_run(stage), 200);
    assert_null(strstr(stage_head(stage), "X-Request-Id"));
    assert_int_equal(stage_call(stage, "GET", "/_mock/health", NULL), 200);
    assert_non_null(strstr(stage_head(stage), "X-Request-Id"));
    assert_true(stage_says(stage, "\"misbehaviour\":\"T4-no-request-id\""));
    stage = misbehave(state, "E1-422");
    stage_request(stage, "POST", ADA_PATH, "{}");
    assert_int_equal(stage_run(stage), 422);
}

/* Every row, on a good request and on three bad ones: none crashes, none leaks. */
TEST_WITHIN(every_row_can_be_run, stage_setup, teardown)
{
    static const char *const bodies[] = { BODY, BODY, "{}", "[", "7" };

    for (size_t i = 0; i < misbehaviour_count; i++) {
        for (size_t k = 0; k < sizeof bodies / sizeof bodies[0]; k++) {
            struct stage *stage = *state;

            if (k == 0)
                misbehave(state, misbehaviours[i].name);
            stage_request(stage, "POST", k % 2 == 0 ? ADA_PATH : STAGE_PATH("90001"), bodies[k]);
            assert_int_not_equal(stage_run(stage), 0);
            stage_request(stage, "POST", ADA_PATH, bodies[k]);
            stage->x->request.is_reused = true;
            stage->x->request.authorization_length -= k;
            assert_int_not_equal(stage_run(stage), 0);
        }
        stage_request(*state, "POST", ADA_PATH, NULL);
        ((struct stage *)*state)->x->request.authorization = private_text(NULL);
        ((struct stage *)*state)->x->request.authorization_length = 0;
        ((struct stage *)*state)->x->request.authorization_count = 0;
        assert_int_not_equal(stage_run(*state), 0);
    }
}
