#include "tests/suite_test.h"

#include "cases/case.h"
#include "cases/catalog.h"

static const struct fixtures from = { TEST_FIXTURES };

static int catalog_setup(void **state)
{
    static struct catalog catalog;

    if (catalog_load(&catalog, &from, NULL) != HM_OK)
        return -1;
    *state = &catalog;
    return 0;
}

static int catalog_teardown(void **state)
{
    catalog_fini(*state);
    return 0;
}

static const struct step *step_of(void **state, const char *id, size_t index)
{
    const struct test_case *test = catalog_find(*state, id);

    assert_non_null(test);
    assert_true(index < test->step_count);
    return &test->steps[index];
}

static void assert_json(json_t *value, const char *expected)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    int is_same = text != NULL && strcmp(text, expected) == 0;

    if (!is_same)
        print_message("found %s\n", text != NULL ? text : "nothing");
    free(text);
    assert_true(is_same);
}

TEST(lays_the_file_over_the_default)
{
    const struct step *step = step_of(state, "S1-plain", 0);

    assert_string_equal(step_text(step, "method"), "POST");
    assert_string_equal(step_text(step, "contact"), "ada");
    assert_json(json_object_get(step->request, "headers"),
                "{\"Accept\":\"application/json\",\"Content-Type\":\"application/json\","
                "\"Host\":\"{host}\"}");
    assert_json(json_object_get(step->token, "claims"), "{\"iat\":{\"offset\":-10},\"iss\":{}}");
    assert_json(json_object_get(step->token, "header"),
                "{\"alg\":\"HS256\",\"kid\":\"1\",\"typ\":\"JWT\"}");
}

TEST(lays_the_case_over_the_file)
{
    const struct step *step = step_of(state, "S1-other", 0);

    assert_json(json_object_get(step->request, "headers"),
                "{\"Accept\":[\"a\",\"b\"],\"Host\":\"{host}\"}");
    assert_json(json_object_get(step->token, "claims"), "{\"iat\":\"now\"}");
    assert_json(json_object_get(step->token, "tamper"), "{\"iat\":null}");
    assert_null(json_object_get(json_object_get(step->token, "header"), "typ"));
    assert_int_equal(catalog_find(*state, "S1-plain")->needs, NEED_CLOCK);
    assert_int_equal(catalog_find(*state, "S1-other")->needs, 0);
}

TEST(lays_a_step_over_the_case)
{
    const struct test_case *test = catalog_find(*state, "S1-steps");

    assert_int_equal(test->step_count, 3);
    assert_int_equal(test->together, 2);
    assert_string_equal(test->excused_by, "S1-plain");
    assert_string_equal(step_text(&test->steps[0], "body_text"), "x");
    assert_json(json_object_get(test->steps[2].token, "claims"),
                "{\"iat\":{\"offset\":0},\"iss\":{}}");
    assert_int_equal(test->steps[1].wait_s, 0);
    assert_int_equal(test->steps[2].wait_s, 5);
    assert_int_equal(test->wait_s, 5);
    assert_int_equal(test->steps[2].expects[0].other_step, 1);
    assert_int_equal(test->steps[2].expects[1].other_step, 0);
}

TEST(replaces_a_text_with_a_body)
{
    const struct step *step = step_of(state, "S1-steps", 1);

    assert_null(step_text(step, "body_text"));
    assert_json(json_object_get(step->request, "body"),
                "{\"channel_id\":\"$email\",\"channel_type\":\"phone\"}");
}

TEST(uses_the_files_clause_by_default)
{
    const struct step *step = step_of(state, "S1-other", 0);

    assert_string_equal(step->expects[0].clause->id, "S1");
    assert_string_equal(step->expects[1].clause->id, "D1");
    assert_int_equal(step->expects[1].clause->source, SOURCE_SECONDARY);
}

TEST(applies_a_hint_to_our_mock_only)
{
    assert_true(step_of(state, "A1-hint", 0)->expects[0].is_mock_only);
    assert_false(step_of(state, "A1-second", 0)->expects[0].is_mock_only);
}

static size_t choose(void **state, const char *only, const char *skip)
{
    const char *only_at[] = { only };
    const char *skip_at[] = { skip };
    const struct option_texts onlys = { only != NULL, only_at };
    const struct option_texts skips = { skip != NULL, skip_at };
    struct catalog *catalog = *state;

    if (catalog_choose(catalog, &onlys, &skips, NULL) != HM_OK)
        return 0;
    return catalog->chosen_count;
}

TEST(chooses_by_glob_clause_and_file)
{
    assert_int_equal(choose(state, NULL, NULL), 5);
    assert_int_equal(choose(state, "S1-*s", NULL), 1);
    assert_int_equal(choose(state, "S1", NULL), 3);
    assert_int_equal(choose(state, "A1-choice", NULL), 2);
    assert_int_equal(choose(state, "S1", "S1-plain"), 2);
    assert_int_equal(choose(state, NULL, "S1"), 2);
}

TEST(chooses_by_lists_with_commas)
{
    assert_int_equal(choose(state, "S1-plain,S1-other", NULL), 2);
    assert_int_equal(choose(state, "S1,A1", "A1-hint,S1-*s"), 3);
    assert_int_equal(choose(state, "S1-plain,", NULL), 0);
    assert_int_equal(choose(state, ",S1-plain", NULL), 0);
    assert_int_equal(choose(state, NULL, "S1,,A1-hint"), 0);
    assert_int_equal(choose(state, "S1-plain,S1-plane", NULL), 0);
}

/* Not by a pattern for cases, even if it matches all cases of the clause. */
TEST(skips_a_clause_by_its_id)
{
    const struct catalog *catalog = *state;

    assert_int_equal(choose(state, NULL, "A1-hint,T4"), 4); /* T4 has no case of its own */
    assert_int_equal(choose(state, NULL, "A1"), 3);
    assert_true(clause_find(&catalog->clauses, "A1")->is_skipped);
    assert_int_equal(choose(state, NULL, "A1-*"), 3);
    assert_false(clause_find(&catalog->clauses, "A1")->is_skipped);
}

TEST(refuses_a_pattern_that_matches_nothing)
{
    assert_int_equal(choose(state, "S", NULL), 0);
    assert_int_equal(choose(state, NULL, "S1-plane"), 0);
    assert_int_equal(choose(state, "S1", "S1*"), 0);
}

static const struct {
    const char *file;
    const char *complaint;
} bad[] = {
    { "syntax", "bad/syntax.json:1:" },
    { "unknown-clause", "bad/unknown-clause.json:1:13: /clause: found \"X9\"" },
    { "unknown-member", "requests" },
    { "no-title", "\"title\"" },
    { "both", "bad/both.json:3:5: /cases/0: found both" },
    { "status", "bad/status.json:3:30: /cases/0/expect/0/status" },
    { "kind", "bad/kind.json:3:18: /cases/0/expect/0: expected one of status" },
    { "hint", "found \"secret-upside-down\", expected the code of a finding" },
    { "policy", "found \"type\", expected the name of an A clause" },
    { "later-step", "/cases/0/steps/0/expect/0/keeps: found step 1" },
    { "together", "/cases/0/together" },
    { "wait-first", "/cases/0/steps/0: the first step cannot wait" },
    { "wait-together", "/cases/0/together: a step that is sent" },
    { "wait-long", "/cases/0/steps/1/wait_s: found 61" },
    { "secret", "joined" },
    { "encoding", "found \"hexa\", expected \"hex\", \"base64\" or \"hex-base64url\"" },
    { "time", "/token/claims/iat/offset: found a string, expected a number" },
    { "header", "/request/headers/Accept: found an integer" },
    { "needs", "found \"reset\", expected \"clock\"" },
    { "hex", "/request/body_hex: expected pairs" },
    { "token-fate", "/cases/0: \"token\" is expected only from step 3 on of a case with" },
    { "by-date", "/cases/0/by_date: expected at least 3 steps" },
};

TEST(names_the_place_in_a_bad_file)
{
    const struct catalog *catalog = *state;
    struct hm_error err = { .code = HM_OK };
    struct case_file *file = NULL;
    size_t failed = 0;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char path[80];

        (void)snprintf(path, sizeof path, "bad/%s.json", bad[i].file);
        if (case_file_load(&file, &from, path, &catalog->clauses, &err) == HM_BAD_INPUT &&
            strstr(err.text, bad[i].complaint) != NULL)
            continue;
        print_message("%s: %s\n", bad[i].file, err.text);
        failed++;
        case_file_free(file);
    }
    assert_int_equal(failed, 0);
}

/* The body of a step, with its marks not replaced. */
static bool is_fresh(const struct step *step)
{
    const json_t *hex = json_object_get(step->request, "body_hex");
    const char *text = step_text(step, "body_text");
    const char *id =
        json_string_value(json_object_get(json_object_get(step->request, "body"), "channel_id"));

    return hex != NULL || strchr(text != NULL ? text : id != NULL ? id : "$", '$') != NULL;
}

static bool is_accepted(const struct expect *expect)
{
    const json_t *status = json_object_get(expect->json, "status");
    const char *text = json_string_value(status);

    return expect->kind == EXPECT_STATUS &&
           ((text != NULL && *text == '2') || json_integer_value(status) / 100 == 2);
}

/* A second run finds the channels of the first one; that must not look like a mistake of the
 * target. */
TEST(sends_no_fixed_channel_twice_to_a_target)
{
    const struct fixtures real = { HM_SOURCE "/fixtures" };
    struct catalog catalog;
    size_t failed = 0;

    assert_int_equal(catalog_load(&catalog, &real, NULL), HM_OK);
    for (size_t f = 0; f < catalog.file_count; f++) {
        for (size_t c = 0; c < catalog.files[f]->case_count; c++) {
            const struct test_case *test = &catalog.files[f]->cases[c];

            if ((test->needs & (NEED_MOCK | NEED_WORLD)) || test->file->mock_arguments[0] != NULL)
                continue;
            for (size_t s = 0; s < test->step_count; s++) {
                for (size_t e = 0; e < test->steps[s].expect_count; e++) {
                    if (!is_accepted(&test->steps[s].expects[e]) || is_fresh(&test->steps[s]))
                        continue;
                    print_message("%s sends what it sent the last time\n", test->id);
                    failed++;
                }
            }
        }
    }
    catalog_fini(&catalog);
    assert_int_equal(failed, 0);
}

ALL_TESTS_WITHIN(catalog_setup, catalog_teardown)
