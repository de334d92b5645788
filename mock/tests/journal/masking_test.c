/* Keys of every awkward shape, in every place of a request and in fault rules: none of them is in
 * any answer, line of the log or exchange of the journal. */
#define _GNU_SOURCE /* memmem(); NOLINT(bugprone-reserved-identifier) */

#include "contract/mask.h"
#include "fault/fault_read.h"
#include "http/dispatch.h"
#include "journal/journal.h"
#include "journal/log.h"
#include "load.h"
#include "store/state_sync.h"
#include "store/store.h"
#include "support/json_file.h"
#include "tests/stage.h"
#include "tests/unit.h"
#include <limits.h>

#define WORLD HM_SOURCE "/mock/tests/worlds/awkward_keys.json"

enum { KEYS_MOST = 32, TEXT_BYTES = 8192, LINE_BYTES = 64 * 1024, RUN_BYTES = 8 };

static const struct serve_options awkward = { .world = WORLD, .clock = "@1713225600" };
static const struct serve_options plain = { .world = HM_SOURCE "/mock/tests/worlds/small.json",
                                            .clock = "@1713225600" };

/* The keys of the world, from its file. */
static struct json_file world;
static const char *keys[KEYS_MOST];
static size_t key_count;

static int world_load(void **state)
{
    size_t i;
    json_t *team;

    if (json_file_load(&world, WORLD, LINE_BYTES, NULL) != HM_OK)
        return -1;
    json_array_foreach (json_object_get(world.root, "teams"), i, team)
        keys[key_count++] = json_string_value(
            json_object_get(json_array_get(json_object_get(team, "secrets"), 0), "key"));
    return 0;
}

static int world_free(void **state)
{
    json_file_fini(&world);
    return 0;
}

static enum hm_code reload(struct stage *stage, const struct serve_options *options)
{
    struct state *loaded;

    return state_load(&loaded, options, NULL) == HM_OK
               ? state_reload(&stage->mock.main.slot, loaded, NULL)
               : HM_BAD_INPUT;
}

static int setup(void **state)
{
    struct stage *stage;

    if (stage_setup(state) != 0)
        return -1;
    stage = *state;
    stage->mock.main.journal = journal_new(100);
    stage->mock.answers_left = INT_MAX; /* so that answers are in it, too */
    return stage->mock.main.journal == NULL || reload(stage, &awkward) != HM_OK ? -1 : 0;
}

/* How a key may be written. */
static void spell_plain(char *out, const char *key)
{
    snprintf(out, TEXT_BYTES, "%s", key);
}

static void spell_json(char *out, const char *key)
{
    json_t *string = json_string(key);
    char *text = json_dumps(string, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);

    assert_non_null(text);
    text[strlen(text) - 1] = '\0';
    snprintf(out, TEXT_BYTES, "%s", text + 1);
    free(text);
    json_decref(string);
}

static void spell_percent(char *out, const char *key)
{
    for (; *key != '\0'; key++)
        out += snprintf(out, 4, *key >= 'a' && *key <= 'z' ? "%c" : "%%%02X", (unsigned char)*key);
}

static void spell_hex(char *out, const char *key)
{
    for (; *key != '\0'; key++)
        out += snprintf(out, 3, "%02x", (unsigned char)*key);
}

typedef void spell_fn(char *out, const char *key);
static spell_fn *const spellings[] = { spell_plain, spell_json, spell_percent, spell_hex };
enum { SPELLINGS = sizeof spellings / sizeof spellings[0] };

/* Neither the beginning nor the end of the key is in the text. */
static void assert_hides(const char *text, size_t length, const char *key)
{
    for (size_t i = 0; i < SPELLINGS; i++) {
        char spelled[TEXT_BYTES];
        size_t bytes, run = RUN_BYTES;

        spellings[i](spelled, key);
        bytes = strlen(spelled);
        if (i == 2) /* two percent-escapes could be in any path */
            run = bytes < 16 ? bytes : 16;
        if (memmem(text, length, spelled, run) != NULL ||
            memmem(text, length, spelled + bytes - run, run) != NULL)
            fail_msg("%s is in %.*s", spelled, (int)length, text);
    }
}

static void assert_all_hide(struct stage *stage, const char *key)
{
    struct buf lines;

    if (stage->x->answer.status >= 400) /* a list has the channel that was written [R1] */
        assert_hides(stage_head(stage), strlen(stage_head(stage)), key);
    buf_init(&lines, LINE_BYTES);
    log_text(&lines, stage->x, 1);
    log_json(&lines, stage->x, 1);
    assert_true(buf_ok(&lines));
    assert_hides(lines.data, lines.length, key);
    buf_fini(&lines);
    dispatch_end(stage->x);
    assert_int_equal(stage_call(stage, "GET", "/_mock/journal", NULL), 200);
    assert_hides(stage_body(stage), strlen(stage_body(stage)), key);
    journal_clear(stage->mock.main.journal);
}

enum place {
    IN_METHOD,
    IN_PATH,
    IN_SEGMENT,
    IN_AUTHORIZATION,
    IN_MEDIA_TYPE,
    IN_VALUE,
    IN_NAME,
    IN_NUMBER,
    IN_TEXT,
    PLACES
};

/* Runs a request with @before and the spelled key in that place. */
static void run_with(struct stage *stage, enum place place, const char *before, const char *key)
{
    static char text[TEXT_BYTES], body[TEXT_BYTES];
    bool is_in_body = place >= IN_VALUE;

    snprintf(text, sizeof text,
             place == IN_PATH            ? "/%s%s"
             : place == IN_SEGMENT       ? "/v2/contact/%s%s/channel"
             : place == IN_AUTHORIZATION ? "Bearer %s%s"
             : place == IN_MEDIA_TYPE    ? "text/%s%s"
                                         : "%s%s",
             before, key);
    snprintf(body, sizeof body,
             place == IN_VALUE    ? "{\"channel_type\":\"phone\",\"channel_id\":\"%s\"}"
             : place == IN_NAME   ? "{\"channel_type\":\"phone\",\"channel_id\":\"1\",\"%s\":1}"
             : place == IN_NUMBER ? "{\"channel_type\":\"phone\",\"channel_id\":%s}"
                                  : "%s",
             text);
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), is_in_body ? body : "{}");
    if (place == IN_METHOD)
        stage->x->request.method = private_text(text);
    else if (place == IN_PATH || place == IN_SEGMENT)
        stage->x->request.path = private_text(text);
    else if (place == IN_MEDIA_TYPE)
        stage->x->request.content_type = private_text(text);
    if (place == IN_AUTHORIZATION) {
        stage->x->request.authorization = private_text(text);
        stage->x->request.authorization_length = strlen(text);
    }
    stage_run(stage);
}

TEST(no_key_is_shown_wherever_it_was_put)
{
    static const char *const befores[] = { "", "11111111", "1111111111111111111111111111111" };
    struct stage *stage = *state;

    for (size_t i = 0; i < key_count; i++) {
        for (size_t j = 0; j < SPELLINGS; j++) {
            char spelled[TEXT_BYTES];

            spellings[j](spelled, keys[i]);
            for (size_t k = 0; k < (size_t)PLACES * 3; k++) {
                run_with(stage, (enum place)(k / 3), befores[k % 3], spelled);
                assert_all_hide(stage, keys[i]);
            }
        }
    }
}

/* A rule that was hit is in the journal, in the log and in the message of its answer, which has the
 * request's findings, too. */
TEST(no_key_of_a_fault_rule_is_shown)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < key_count; i++) {
        json_t *rules = json_pack("[{s:s, s:i}]", "channel_id", keys[i], "status", 503);
        json_t *body = json_pack("{s:s, s:s, s:i}", "channel_type", "phone", "channel_id", keys[i],
                                 keys[i], 1);
        char *rules_text = json_dumps(rules, 0), *body_text = json_dumps(body, 0);

        assert_int_equal(stage_call(stage, "PUT", "/_mock/faults", rules_text), 200);
        assert_hides(stage_body(stage), strlen(stage_body(stage)), keys[i]);
        stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), body_text);
        assert_int_equal(stage_run(stage), 503);
        assert_true(stage_says(stage, "a fault rule says: channel_id=<known key>"));
        assert_true(stage_says(stage, "member-unknown"));
        assert_all_hide(stage, keys[i]);
        json_decref(rules);
        json_decref(body);
        free(rules_text);
        free(body_text);
    }
}

/* A call that is refused quotes it; verify shows how exchanges differ from it. */
TEST(no_key_of_a_control_call_is_shown)
{
    static const char *const calls[][2] = {
        { "/_mock/faults", "[{\"%s\":1}]" },
        { "/_mock/faults", "[{\"contact\":\"%s\",\"status\":500}]" },
        { "/_mock/faults", "[{\"abort\":\"11111111111111111111111111111%s\"}]" },
        { "/_mock/policy", "{\"policy\":{\"%s\":\"x\"}}" },
        { "/_mock/policy", "{\"policy\":{\"typ\":\"%s\"}}" },
        { "/_mock/clock", "{\"now\":\"%s\"}" },
        { "/_mock/verify", "{\"where\":{\"body\":{\"%s\":\"%s\"},\"path\":\"/%s\"}}" },
        { "/_mock/verify", "{\"where\":{\"finding\":\"1111111111111111111111111111111%s\"}}" },
        { "/_mock/verify", "{\"where\":{\"%s\":1}}" },
        { "/_mock/doctor", "{\"authorization\":\"Bearer %s\"}" },
        { "/_mock/doctor", "{\"%s\":\"x\"}" },
        { "/_mock/reset", "{\"what\":[\"%s\"]}" },
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < key_count; i++) {
        char spelled[TEXT_BYTES], body[4 * TEXT_BYTES];

        spell_json(spelled, keys[i]);
        for (size_t j = 0; j < sizeof calls / sizeof calls[0]; j++) {
            run_with(stage, IN_VALUE, "", spelled);
            dispatch_end(stage->x);
            snprintf(body, sizeof body, "%s", calls[j][1]);
            for (char *at; (at = strstr(body, "%s")) != NULL;) {
                char rest[TEXT_BYTES];

                snprintf(rest, sizeof rest, "%s", at + 2);
                snprintf(at, sizeof body - (size_t)(at - body), "%s%s", spelled, rest);
            }
            stage_call(stage, j < 6 ? "PUT" : "POST", calls[j][0], body);
            assert_hides(stage_body(stage), strlen(stage_body(stage)), keys[i]);
        }
    }
}

/* The journal holds an exchange of their time, so the keys of a world before are known. */
TEST(keys_of_a_world_before_stay_known)
{
    struct stage *stage = *state;
    struct masking masking = { .mask = NULL };

    run_with(stage, IN_PATH, "", "nothing");
    dispatch_end(stage->x);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(reload(stage, i % 2 == 0 ? &plain : &awkward), HM_OK);
    assert_int_equal(reload(stage, &plain), HM_OK);
    assert_int_equal(reload(stage, &plain), HM_OK);
    for (size_t i = 0; i < key_count; i++) {
        run_with(stage, IN_PATH, "", keys[i]);
        assert_hides(stage_head(stage), strlen(stage_head(stage)), keys[i]);
        dispatch_end(stage->x);
        assert_int_equal(stage_call(stage, "GET", "/_mock/journal", NULL), 200);
        assert_hides(stage_body(stage), strlen(stage_body(stage)), keys[i]);
    }
    assert_int_equal(stage_call(stage, "DELETE", "/_mock/journal", NULL), 200);
    assert_int_equal(reload(stage, &plain), HM_OK);
    masking.mask = store_mask(stage->mock.main.slot.present->store);
    assert_true(mask_is_clean(&masking, keys[0], strlen(keys[0])));
}

EACH_TEST_WITHIN(setup, stage_teardown)
ALL_TESTS_WITHIN(world_load, world_free)
