#include "tests/suite_test.h"

#include "cases/layer.h"
#include "play/repeat.h"
#include "recipe/message.h"
#include "recipe/names.h"
#include "target/target.h"

enum { NOW = 1713225600 };

#define BASE_URL "http://127.0.0.1:9"
#define URL      BASE_URL "/v2/contact/" TEST_ADA "/channel"

static char base_url[] = BASE_URL;
static char ada_name[] = "ada";
static char ada_uuid[] = TEST_ADA;
static char id[] = TEST_ID;
static char key[] = TEST_KEY;
static struct named_contact contacts[] = { { ada_name, ada_uuid } };
static const struct names names = {
    .origin = "the test",
    .secrets = { { id, { { key } } } },
    .contact_count = 1,
    .contacts = contacts,
};

/* The message of a step with this request laid over the default. */
struct written {
    struct step step;
    struct message message;
    enum hm_code code;
};

static void write_out(struct written *written, const char *request, const char *token)
{
    static struct marks run = { .run = "deadbeef" };
    struct case_marks marks = { .run = &run };
    json_t *layer = json_loads(request, 0, NULL);
    json_t *token_layer = json_loads(token, 0, NULL);
    json_t *base = layer_base(LAYER_REQUEST);
    json_t *token_base = layer_base(LAYER_TOKEN);

    run.emails = 0;
    memset(written, 0, sizeof *written);
    written->step.request = layer_over(LAYER_REQUEST, base, layer);
    written->step.token = layer_over(LAYER_TOKEN, token_base, token_layer);
    written->code =
        message_make(&written->message, &written->step, BASE_URL, &names, &marks, NOW, NULL);
    json_decref(layer);
    json_decref(token_layer);
    json_decref(base);
    json_decref(token_base);
}

static void written_fini(struct written *written)
{
    message_fini(&written->message);
    json_decref(written->step.request);
    json_decref(written->step.token);
}

TEST(writes_a_correct_request)
{
    struct written written;

    write_out(&written, "{}", "{}");
    assert_int_equal(written.code, HM_OK);
    assert_string_equal(buf_text(&written.message.url), URL);
    assert_string_equal(
        buf_text(&written.message.body),
        "{\"channel_type\":\"email\",\"channel_id\":\"hm-deadbeef-1@example.com\"}");
    assert_int_equal(written.message.header_count, 2);
    assert_string_equal(written.message.headers[0].name, "Authorization");
    assert_string_equal(written.message.headers[1].value, "application/json");
    written_fini(&written);
}

TEST(writes_the_contact_in_every_form)
{
    static const struct {
        const char *request;
        const char *url;
    } rows[] = {
        { "{\"contact_form\":\"upper\"}",
          BASE_URL "/v2/contact/AAAAAAAA-0000-4000-8000-00000000000A/channel" },
        { "{\"contact_form\":\"braces\"}", BASE_URL "/v2/contact/{" TEST_ADA "}/channel" },
        { "{\"contact_id\":\"a b\",\"contact_form\":\"percent-encoded\"}",
          BASE_URL "/v2/contact/%61%20%62/channel" },
        { "{\"path\":\"/v1/{contactID}/{contactID}?x\",\"contact_id\":\"5\"}",
          BASE_URL "/v1/5/5?x" },
    };
    struct written written;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_out(&written, rows[i].request, "{}");
        assert_int_equal(written.code, HM_OK);
        assert_string_equal(buf_text(&written.message.url), rows[i].url);
        written_fini(&written);
    }
}

TEST(writes_bodies_as_json_text_and_hex)
{
    struct written written;

    write_out(&written, "{\"body_text\":\"{\\\"$email:1\"}", "{}");
    assert_string_equal(buf_text(&written.message.body), "{\"hm-deadbeef-1@example.com");
    assert_null(written.message.sent);
    written_fini(&written);
    write_out(&written, "{\"body_hex\":\"7b00ff\"}", "{}");
    assert_int_equal(written.message.body.length, 3);
    assert_memory_equal(written.message.body.data, "{\0\xff", 3);
    written_fini(&written);
    write_out(&written, "{\"body\":null}", "{}");
    assert_false(written.message.has_body);
    written_fini(&written);
    write_out(&written, "{\"body_text\":\"\"}", "{}");
    assert_true(written.message.has_body);
    assert_int_equal(written.message.body.length, 0);
    written_fini(&written);
    write_out(&written, "{\"body\":[1],\"body_pad\":6}", "{}");
    assert_string_equal(buf_text(&written.message.body), "   [1]");
    written_fini(&written);
}

TEST(leaves_out_host_and_sends_a_list_once_each)
{
    struct written written;

    write_out(&written, "{\"headers\":{\"Host\":null,\"X\":[\"1\",\"2\"]}}",
              "{\"authorization\":null}");
    assert_int_equal(written.message.header_count, 4);
    assert_string_equal(written.message.headers[0].name, "Host");
    assert_null(written.message.headers[0].value);
    assert_string_equal(written.message.headers[3].value, "2");
    written_fini(&written);
}

TEST(names_a_missing_contact)
{
    struct written written;
    struct buf missing;

    write_out(&written, "{\"contact\":\"bob\"}", "{}");
    assert_int_equal(written.code, HM_BAD_INPUT);
    buf_init(&missing, 100);
    message_missing(&missing, &written.step, &names);
    assert_string_equal(buf_text(&missing), "contact bob");
    buf_fini(&missing);
    written_fini(&written);
}

/* The curl line of a case with one step. */
static char *curl_line(const char *request, const char *token, enum target_kind kind)
{
    struct written written;
    struct case_file file = { .mock_arguments = (const char *[]){ NULL }, .world = "default" };
    struct test_case test = { .file = &file, .id = "S1-x", .step_count = 1 };
    struct target target = { .kind = kind, .base_url = base_url };
    const struct repeat repeat = { .target = &target };
    struct round_trip trip;
    struct buf out;

    write_out(&written, request, token);
    memset(&trip, 0, sizeof trip);
    trip.was_tried = true;
    trip.message = written.message;
    trip.message.step = &written.step;
    test.steps = &written.step;
    buf_init(&out, REPEAT_BYTES_MAX);
    repeat_write(&out, &repeat, &test, &trip, 0);
    written_fini(&written);
    return buf_take(&out);
}

#define TOKEN " -H \"Authorization: $(heymarket-conformance token S1-x)\""
#define MEDIA " -H 'Content-Type: application/json'"

TEST(repeats_a_request_as_a_curl_line)
{
    static const struct {
        const char *request;
        const char *token;
        const char *line;
    } rows[] = {
        { "{\"body_text\":\"it's\"}", "{}",
          "curl -sS -X POST '" URL "'" TOKEN MEDIA " --data-raw 'it'\\''s'\n" },
        { "{\"method\":\"HEAD\",\"body\":null}", "{}", "curl -sS -I '" URL "'" TOKEN MEDIA "\n" },
        { "{\"contact_form\":\"braces\",\"body\":null,\"headers\":{\"X-E\":\"\"}}",
          "{\"authorization\":null}",
          "curl -sS -g -X POST '" BASE_URL "/v2/contact/{" TEST_ADA "}/channel'" MEDIA
          " -H 'X-E;'\n" },
        { "{\"body_text\":\"\",\"headers\":{\"Content-Type\":null},\"chunked\":true}",
          "{\"authorization\":[\"Bearer {token}\",\"x\"]}",
          "curl -sS -X POST '" URL "'"
          " -H \"Authorization: $(heymarket-conformance token S1-x | sed -n 1p)\""
          " -H \"Authorization: $(heymarket-conformance token S1-x | sed -n 2p)\""
          " -H 'Content-Type:' -H 'Transfer-Encoding: chunked' --data-raw ''\n" },
        { "{\"body_hex\":\"ff00\"}", "{}",
          "printf '\\377\\000' | curl -sS -X POST '" URL "'" TOKEN MEDIA " --data-binary @-\n" },
        { "{\"body\":1,\"body_pad\":101}", "{}",
          "printf '%100s%s' '' '1' | curl -sS -X POST '" URL "'" TOKEN MEDIA
          " --data-binary @-\n" },
    };
    size_t failed = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *line = curl_line(rows[i].request, rows[i].token, TARGET_FOREIGN);

        if (line == NULL || strcmp(line, rows[i].line) != 0) {
            print_message("found    %sexpected %s", line, rows[i].line);
            failed++;
        }
        free(line);
    }
    assert_int_equal(failed, 0);
}

TEST(repeats_against_a_mock_that_can_be_started)
{
    char *lines = curl_line("{\"body\":null}", "{}", TARGET_STARTED);

    assert_string_equal(lines, "# against: heymarket-mock\n"
                               "curl -sS -X POST 'http://127.0.0.1:8580/v2/contact/" TEST_ADA
                               "/channel'" TOKEN MEDIA "\n");
    free(lines);
}

TEST(reads_names_from_the_world)
{
    const struct fixtures from = { TEST_FIXTURES };
    struct json_file world;
    struct names read;
    struct hm_error err;

    assert_int_equal(unsetenv("HM_TEST_OTHER_KEY"), 0);
    assert_int_equal(fixture_load(&world, &from, "worlds/default.json", NULL), HM_OK);
    assert_int_equal(names_from_world(&read, &world, "its world", &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "worlds/default.json:15:"));
    assert_int_equal(setenv("HM_TEST_OTHER_KEY", "other", 1), 0);
    assert_int_equal(names_from_world(&read, &world, "its world", &err), HM_OK);
    assert_string_equal(private_open(read.secrets[SECRET_FIRST].key), TEST_KEY);
    assert_non_null(read.secrets[SECRET_SECOND].id);
    assert_string_equal(private_open(read.secrets[SECRET_OTHER_TEAM].key), "other");
    assert_string_equal(names_contact(&read, "ada"), TEST_ADA);
    assert_non_null(names_contact(&read, "other-team"));
    assert_null(names_contact(&read, "empty"));
    names_fini(&read);
    json_file_fini(&world);
}

TEST(reads_names_from_the_environment)
{
    struct names read;
    struct hm_error err;

    assert_int_equal(unsetenv("HEYMARKET_CONTACT_ID"), 0);
    assert_int_equal(setenv("HEYMARKET_API_SECRET_ID", TEST_ID, 1), 0);
    assert_int_equal(setenv("HEYMARKET_API_SECRET_KEY", "", 1), 0);
    assert_int_equal(setenv("HEYMARKET_SECOND_SECRET_KEY", "x", 1), 0);
    assert_int_equal(names_from_environment(&read, &err), HM_BAD_INPUT);
    assert_string_equal(err.text, "missing in the environment: HEYMARKET_API_SECRET_KEY "
                                  "HEYMARKET_SECOND_SECRET_ID HEYMARKET_CONTACT_ID");
    assert_int_equal(setenv("HEYMARKET_API_SECRET_KEY", TEST_KEY, 1), 0);
    assert_int_equal(unsetenv("HEYMARKET_SECOND_SECRET_KEY"), 0);
    assert_int_equal(setenv("HEYMARKET_CONTACT_ID", "5", 1), 0);
    assert_int_equal(names_from_environment(&read, &err), HM_BAD_INPUT);
    assert_int_equal(setenv("HEYMARKET_CONTACT_ID", TEST_ADA, 1), 0);
    assert_int_equal(names_from_environment(&read, &err), HM_OK);
    assert_string_equal(names_contact(&read, "ada"), TEST_ADA);
    assert_null(read.secrets[SECRET_SECOND].id);
    names_fini(&read);
    assert_int_equal(unsetenv("HEYMARKET_API_SECRET_ID"), 0);
    assert_int_equal(unsetenv("HEYMARKET_API_SECRET_KEY"), 0);
    assert_int_equal(unsetenv("HEYMARKET_CONTACT_ID"), 0);
}
