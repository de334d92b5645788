/* A bad world is refused whole, and the error says where. */
#include "store/world.h"
#include "store/world_contact.h"
#include "tests/temporary.h"
#include "tests/unit.h"
#include <unistd.h>

#define SECRETS          "\"secrets\":[{\"id\":\"i\",\"key\":\"k\"}]"
#define TEAM(members)    "{\"teams\":[{\"team_id\":1,\"name\":\"a\",\n" members "}]}"
#define CONTACT(members) TEAM(SECRETS ",\"contacts\":[\n{" members "}]")
#define ADA              "\"uuid\":\"ada0ada0-1815-4000-8000-00000000ada0\",\"contact_id\":7"
#define BOB              "\"uuid\":\"b0b0b0b0-0000-4000-8000-00000000b0b0\",\"contact_id\":9"
#define CHANNEL(members) CONTACT(ADA ",\"channels\":[\n{" members "}]")
#define TIMES            "\"created\":\"2024-03-01T09:30:00Z\",\"updated\":\"2024-03-01T09:30:00Z\""
#define VALUES                                                                                     \
    "\"channel_type\":\"t\",\"channel_id\":\"c\",\"info_channel\":\"\",\"channel_handle\":\"\","
#define SIXTY "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"
#define OWN   "\"id\":1,\"team_id\":1,\"contact_id\":7,"

static enum hm_code read_world(struct store **store, const char *text, struct hm_error *err)
{
    struct json_file file;
    enum hm_code code = json_file_parse(&file, "w.json", text, strlen(text), err);

    *store = NULL;
    if (code == HM_OK)
        code = world_read(store, &file, err);
    json_file_fini(&file);
    return code;
}

static enum hm_code load_world(struct store **store, const char *path, struct hm_error *err)
{
    struct json_file file;
    enum hm_code code = json_file_load(&file, path, WORLD_BYTES_MAX, err);

    *store = NULL;
    if (code == HM_OK)
        code = world_read(store, &file, err);
    json_file_fini(&file);
    return code;
}

static const struct {
    const char *text, *says;
} bad_worlds[] = {
    { "{\"teams\":[}", "w.json:1:11: unexpected token" },
    { "{\"teams\":[],}", "w.json:1:13: string or '}' expected" },
    { "", "w.json:1:1: found an empty file, expected JSON" },
    { "[]", "w.json:1:1: (root): found an array, expected an object" },
    { "{}", "w.json:1:1: /teams: found nothing, expected an array" },
    { "{\"teams\":{}}", "w.json:1:10: /teams: found an object, expected an array" },
    { "{\"teams\":[]}", "w.json:1:10: /teams: found no team, expected at least one" },
    { "{\"teams\":[7]}", "w.json:1:11: /teams/0: found an integer, expected an object" },
    { "{\"v\":2,\"teams\":[]}", "w.json:1:6: /v: found 2, expected 1" },
    { "{\"teams\":[],\"accidents\":[]}",
      "w.json:1:13: /accidents: found an unknown member, expected one of $schema, v, teams, "
      "faults" },
    { "{\"team\":[]}", "w.json:1:2: /team: found an unknown member; did you mean \"teams\"?" },
    { TEAM("\"team_id\":2," SECRETS), "w.json:2:1: duplicate object key" },
    { "{\"teams\":[{\"name\":\"a\"," SECRETS "}]}",
      "w.json:1:11: /teams/0/team_id: found nothing, expected an integer" },
    { "{\"teams\":[{\"team_id\":\"1\",\"name\":\"a\"," SECRETS "}]}",
      "w.json:1:22: /teams/0/team_id: found a string, expected an integer" },
    { "{\"teams\":[{\"team_id\":0,\"name\":\"a\"," SECRETS "}]}",
      "w.json:1:22: /teams/0/team_id: found 0, expected an integer from 1 to 9007199254740991" },
    { "{\"teams\":[{\"team_id\":1.0,\"name\":\"a\"," SECRETS "}]}",
      "w.json:1:22: /teams/0/team_id: found a real number, expected an integer" },
    { "{\"teams\":[{\"team_id\":1," SECRETS "}]}",
      "w.json:1:11: /teams/0/name: found nothing, expected a string" },
    { "{\"teams\":[{\"team_id\":1,\"name\":\"\"," SECRETS "}]}",
      "w.json:1:31: /teams/0/name: found an empty string, expected the team's name" },
    { "{\"teams\":[{\"team_id\":1,\"name\":\"a\"," SECRETS
      "},\n{\"team_id\":1,\"name\":\"b\"," SECRETS "}]}",
      "w.json:2:12: /teams/1/team_id: found 1 a second time, expected each team once" },
    { "{\"teams\":[{\"team_id\":1,\"name\":\"a\"," SECRETS
      "},\n{\"team_id\":2,\"name\":\"b\"," SECRETS "}]}",
      "w.json:2:42: /teams/1/secrets/0/id: found an ID a second time, expected each once" },
    { TEAM("\"contacts\":[]"), "w.json:1:11: /teams/0/secrets: found nothing, expected an array" },
    { TEAM("\"secrets\":[]"),
      "w.json:2:11: /teams/0/secrets: found 0 secrets, expected one or two" },
    { TEAM("\"secrets\":{}"), "w.json:2:11: /teams/0/secrets: found an object, expected an array" },
    { TEAM("\"secrets\":[{\"id\":\"1\",\"key\":\"k\"},{\"id\":\"2\",\"key\":\"k\"},{\"id\":\"3\","
           "\"key\":\"k\"}]"),
      "w.json:2:11: /teams/0/secrets: found 3 secrets, expected one or two" },
    { TEAM("\"secrets\":[{\"id\":\"1\",\"key\":\"k\"},\n{\"id\":\"1\",\"key\":\"l\"}]"),
      "w.json:3:7: /teams/0/secrets/1/id: found an ID a second time, expected each once" },
    { TEAM("\"secrets\":[{\"key\":\"k\"}]"),
      "w.json:2:12: /teams/0/secrets/0/id: found nothing, expected a string" },
    { TEAM("\"secrets\":[{\"id\":\"i\"}]"), "w.json:2:12: /teams/0/secrets/0/key: found nothing, "
                                            "expected a string or {\"env\":\"NAME\"}" },
    { TEAM("\"secrets\":[{\"id\":\"\",\"key\":\"k\"}]"),
      "w.json:2:18: /teams/0/secrets/0/id: found 0 bytes, expected a text of 1 to 1024" },
    { TEAM("\"secrets\":[{\"id\":\"i\",\"key\":\"\"}]"),
      "w.json:2:28: /teams/0/secrets/0/key: found an empty string, expected a secret" },
    { TEAM("\"secrets\":[{\"id\":\"i\",\"key\":7}]"),
      "w.json:2:28: /teams/0/secrets/0/key: found an integer, expected a string or "
      "{\"env\":\"NAME\"}" },
    { TEAM("\"secrets\":[{\"id\":\"i\",\"key\":{}}]"),
      "w.json:2:28: /teams/0/secrets/0/key/env: found nothing, expected a string" },
    { TEAM("\"secrets\":[{\"id\":\"i\",\"key\":{\"env\":\"A\",\"or\":1}}]"),
      "w.json:2:39: /teams/0/secrets/0/key/or: found an unknown member, expected one of env" },
    { TEAM("\"secrets\":[{\"id\":\"i\",\"key\":{\"env\":7}}]"),
      "w.json:2:35: /teams/0/secrets/0/key/env: found an integer, expected a string" },
    { TEAM("\"secrets\":[{\"id\":\"i\",\"kye\":\"k\"}]"),
      "w.json:2:22: /teams/0/secrets/0/kye: found an unknown member; did you mean \"key\"?" },
    { TEAM("\"secrets\":[{\"id\":\"a\\u0000b\",\"key\":\"k\"}]"),
      "w.json:2:18: /teams/0/secrets/0/id: found a string with a NUL in it, expected one without" },
    { TEAM(SECRETS ",\"legacy_key\":7"), "w.json:2:47: /teams/0/legacy_key: found an integer, "
                                         "expected a string or {\"env\":\"NAME\"}" },
    { TEAM(SECRETS ",\"legacy_key\":\"\""),
      "w.json:2:47: /teams/0/legacy_key: found an empty string, expected a secret" },
    { TEAM(SECRETS ",\"inboxes\":{}"),
      "w.json:2:44: /teams/0/inboxes: found an object, expected an array" },
    { TEAM(SECRETS ",\"inboxes\":[7]"),
      "w.json:2:45: /teams/0/inboxes/0: found an integer, expected an object" },
    { TEAM(SECRETS ",\"inboxes\":[{\"name\":\"a\",\"team\":1,\"members\":[],\"phones\":[]}]"),
      "w.json:2:45: /teams/0/inboxes/0/id: found nothing, expected an integer" },
    { TEAM(SECRETS
           ",\"inboxes\":[{\"id\":0,\"name\":\"a\",\"team\":1,\"members\":[],\"phones\":[]}]"),
      "w.json:2:51: /teams/0/inboxes/0/id: found 0, expected an integer from 1 to "
      "9007199254740991" },
    { TEAM(SECRETS
           ",\"inboxes\":[{\"id\":1,\"name\":\"\",\"team\":1,\"members\":[],\"phones\":[]}]"),
      "w.json:2:60: /teams/0/inboxes/0/name: found an empty string, expected the inbox's name" },
    { TEAM(SECRETS
           ",\"inboxes\":[{\"id\":1,\"name\":\"a\",\"team\":9,\"members\":[],\"phones\":[]}]"),
      "w.json:2:71: /teams/0/inboxes/0/team: found 9, expected 1, the team_id of the inbox's "
      "team" },
    { TEAM(SECRETS
           ",\"inboxes\":[{\"id\":1,\"name\":\"a\",\"team\":1,\"members\":[\"5\"],\"phones\":[]}]"),
      "w.json:2:84: /teams/0/inboxes/0/members/0: found a string, expected the integer id of a "
      "member" },
    { TEAM(SECRETS
           ",\"inboxes\":[{\"id\":1,\"name\":\"a\",\"team\":1,\"members\":[0],\"phones\":[]}]"),
      "w.json:2:84: /teams/0/inboxes/0/members/0: found 0, expected an integer from 1 to "
      "9007199254740991" },
    { TEAM(SECRETS
           ",\"inboxes\":[{\"id\":1,\"name\":\"a\",\"team\":1,\"members\":[],\"phones\":[1]}]"),
      "w.json:2:96: /teams/0/inboxes/0/phones/0: found an integer, expected a phone number, which "
      "is a string" },
    { TEAM(SECRETS ",\"inboxes\":[{\"id\":1,\"name\":\"a\",\"team\":1,\"members\":[]}]"),
      "w.json:2:45: /teams/0/inboxes/0/phones: found nothing, expected an array" },
    { TEAM(SECRETS ",\"inboxes\":[{\"id\":1,\"name\":\"a\",\"team\":1,\"members\":[],\"phones\":[],"
                   "\"phone\":1}]"),
      "w.json:2:106: /teams/0/inboxes/0/phone: found an integer, expected a string" },
    { TEAM(SECRETS ",\"inboxes\":[{\"id\":1,\"name\":\"a\",\"team\":1,\"members\":[],\"phones\":[],"
                   "\"phonse\":[]}]"),
      "w.json:2:98: /teams/0/inboxes/0/phonse: found an unknown member; did you mean \"phones\"?" },
    { TEAM(SECRETS ",\"inboxes\":[{\"id\":1,\"name\":\"a\",\"team\":1,\"members\":[],\"phones\":[]}"
                   ",{\"id\":1,\"name\":\"b\",\"team\":1,\"members\":[],\"phones\":[]}]"),
      "w.json:2:105: /teams/0/inboxes/1/id: found 1 a second time, expected each inbox id once" },
    { TEAM(SECRETS ",\"contacts\":{}"),
      "w.json:2:45: /teams/0/contacts: found an object, expected an array" },
    { TEAM(SECRETS ",\"contacts_file\":7"),
      "w.json:2:50: /teams/0/contacts_file: found an integer, expected a string" },
    { TEAM(SECRETS ",\"contacts_file\":\"\""),
      "w.json:2:50: /teams/0/contacts_file: found a path of 0 bytes, expected 1 to 4096" },
    { TEAM(SECRETS ",\"contact\":[]"),
      "w.json:2:34: /teams/0/contact: found an unknown member; did you mean \"contacts\"?" },
    { CONTACT("\"contact_id\":7"),
      "w.json:3:1: /teams/0/contacts/0/uuid: found nothing, expected a string" },
    { CONTACT("\"uuid\":7,\"contact_id\":7"),
      "w.json:3:9: /teams/0/contacts/0/uuid: found an integer, expected a string" },
    { CONTACT("\"uuid\":\"ada0ada0\",\"contact_id\":7"),
      "w.json:3:9: /teams/0/contacts/0/uuid: found \"ada0ada0\", expected a UUID" },
    { CONTACT("\"uuid\":\"{ada0ada0-1815-4000-8000-00000000ada0}\",\"contact_id\":7"),
      "w.json:3:9: /teams/0/contacts/0/uuid: found \"{ada0ada0-1815-4000-8000-00000000ada0}\", "
      "expected a UUID" },
    { CONTACT("\"uuid\":\"ada0ada0-1815-4000-8000-00000000ada0\""),
      "w.json:3:1: /teams/0/contacts/0/contact_id: found nothing, expected an integer" },
    { CONTACT("\"uuid\":\"ada0ada0-1815-4000-8000-00000000ada0\",\"contact_id\":\"7\""),
      "w.json:3:61: /teams/0/contacts/0/contact_id: found a string, expected an integer" },
    { CONTACT("\"uuid\":\"ada0ada0-1815-4000-8000-00000000ada0\",\"contact_id\":-7"),
      "w.json:3:61: /teams/0/contacts/0/contact_id: found -7, expected an integer from 1 to "
      "9007199254740991" },
    { CONTACT("\"uuid\":\"ada0ada0-1815-4000-8000-00000000ada0\",\"contact_id\":9007199254740992"),
      "w.json:3:61: /teams/0/contacts/0/contact_id: found 9007199254740992, expected an integer "
      "from 1 to 9007199254740991" },
    { CONTACT(ADA "},\n{\"uuid\":\"ADA0ADA0-1815-4000-8000-00000000ADA0\",\"contact_id\":8"),
      "w.json:4:9: /teams/0/contacts/1/uuid: found ADA0ADA0-1815-4000-8000-00000000ADA0 a second "
      "time, expected each UUID once" },
    { CONTACT(ADA "},\n{\"uuid\":\"b0b0b0b0-0000-4000-8000-00000000b0b0\",\"contact_id\":7"),
      "w.json:4:61: /teams/0/contacts/1/contact_id: found 7 a second time, expected each once" },
    { CONTACT("\"name\":\"a\"," ADA "},\n{\"name\":\"a\"," BOB),
      "w.json:4:9: /teams/0/contacts/1/name: found \"a\" a second time, expected each name once" },
    { CONTACT("\"name\":\"A b\"," ADA),
      "w.json:3:9: /teams/0/contacts/0/name: found \"A b\", "
      "expected lower-case letters and digits with dashes between them" },
    { CONTACT("\"name\":\"" SIXTY SIXTY SIXTY SIXTY SIXTY "\"," ADA),
      "w.json:3:9: /teams/0/contacts/0/name: found a name of 300 bytes, expected at most 256" },
    { CONTACT("\"name\":7," ADA),
      "w.json:3:9: /teams/0/contacts/0/name: found an integer, expected a string" },
    { CONTACT(ADA ",\"x\":1"), "w.json:3:63: /teams/0/contacts/0/x: found an unknown member, "
                               "expected one of name, uuid, contact_id, channels" },
    { CONTACT(ADA ",\"channels\":{}"),
      "w.json:3:74: /teams/0/contacts/0/channels: found an object, expected an array" },
    { CONTACT(ADA ",\"channels\":[7]"),
      "w.json:3:75: /teams/0/contacts/0/channels/0: found an integer, expected an object" },
    { CHANNEL("\"id\":1,\"team_id\":1,\"contact_id\":9," VALUES TIMES),
      "w.json:4:34: /teams/0/contacts/0/channels/0/contact_id: found 9, expected 7, the value of "
      "the channel's contact" },
    { CHANNEL("\"id\":1,\"team_id\":2,\"contact_id\":7," VALUES TIMES),
      "w.json:4:19: /teams/0/contacts/0/channels/0/team_id: found 2, expected 1, the value of the "
      "channel's contact" },
    { CHANNEL("\"id\":1,\"team_id\":1,\"contact_id\":\"7\"," VALUES TIMES),
      "w.json:4:34: /teams/0/contacts/0/channels/0/contact_id: found a string, expected an "
      "integer" },
    { CHANNEL("\"team_id\":1,\"contact_id\":7," VALUES TIMES),
      "w.json:4:1: /teams/0/contacts/0/channels/0/id: found nothing, expected an integer" },
    { CHANNEL("\"id\":null,\"team_id\":1,\"contact_id\":7," VALUES TIMES),
      "w.json:4:7: /teams/0/contacts/0/channels/0/id: found null, expected an integer" },
    { CHANNEL(OWN VALUES TIMES "},\n{" OWN VALUES TIMES),
      "w.json:5:7: /teams/0/contacts/0/channels/1/id: found 1 a second time, expected each channel "
      "id once" },
    { CHANNEL(OWN TIMES),
      "w.json:4:1: /teams/0/contacts/0/channels/0/channel_type: found nothing, expected a string" },
    { CHANNEL(OWN "\"channel_type\":7,\"channel_id\":\"c\",\"info_channel\":\"\",\"channel_"
                  "handle\":\"\"," TIMES),
      "w.json:4:51: /teams/0/contacts/0/channels/0/channel_type: found an integer, expected a "
      "string" },
    { CHANNEL(OWN "\"channel_type\":\"t\",\"channel_id\":\"c\",\"info_channel\":null,\"channel_"
                  "handle\":\"\"," TIMES),
      "w.json:4:87: /teams/0/contacts/0/channels/0/info_channel: found null, expected a string" },
    { CHANNEL(OWN VALUES "\"created\":\"2024-03-01\",\"updated\":\"2024-03-01T09:30:00Z\""),
      "w.json:4:120: /teams/0/contacts/0/channels/0/created: found \"2024-03-01\", expected a time "
      "such as 2024-04-16T00:00:00Z" },
    { CHANNEL(OWN VALUES "\"created\":\"2024-03-01T09:30:00Z\",\"updated\":1709285400"),
      "w.json:4:153: /teams/0/contacts/0/channels/0/updated: found an integer, expected a string" },
    { CHANNEL(OWN VALUES TIMES ",\"extra\":1"),
      "w.json:4:176: /teams/0/contacts/0/channels/0/extra: found an unknown member, expected one "
      "of id, team_id, contact_id, channel_type, channel_id, info_channel, channel_handle, "
      "created, updated" },
};

TEST(bad_worlds_are_refused_with_their_place)
{
    for (size_t i = 0; i < sizeof bad_worlds / sizeof bad_worlds[0]; i++) {
        struct hm_error err = { 0 };
        struct store *store;

        assert_int_equal(read_world(&store, bad_worlds[i].text, &err), HM_BAD_INPUT);
        assert_null(store);
        assert_string_equal(err.text, bad_worlds[i].says);
    }
}

TEST(the_small_world_is_read)
{
    struct hm_error err = { 0 };
    struct store *store;
    const struct contact *bob;

    assert_int_equal(load_world(&store, HM_SOURCE "/mock/tests/worlds/small.json", &err), HM_OK);
    assert_int_equal(store_team_count(store), 2);
    assert_int_equal(store_contact_count(store), 3);
    assert_int_equal(store_secret_count(store), 3);
    assert_int_equal(store_legacy_count(store), 1);
    bob = store_find(store, "b0b0b0b0-0000-4000-8000-00000000b0b0");
    assert_non_null(bob);
    assert_int_equal(contact_team(bob), 1);
    store_free(store);
}

TEST(the_default_world_is_read)
{
    struct hm_error err = { 0 };
    struct store *store;
    enum hm_code code = load_world(&store, HM_SOURCE "/fixtures/worlds/default.json", &err);

    store_free(store);
    assert_string_equal(err.text, "");
    assert_int_equal(code, HM_OK);
}

TEST(a_key_may_come_from_the_environment)
{
    static const char world[] =
        TEAM("\"secrets\":[{\"id\":\"i\",\"key\":{\"env\":\"HM_WORLD_TEST_KEY\"}}]");
    static const char place[] = "w.json:2:28: /teams/0/secrets/0/key: the environment "
                                "variable HM_WORLD_TEST_KEY is ";
    struct hm_error err = { 0 };
    struct store *store;

    unsetenv("HM_WORLD_TEST_KEY");
    assert_int_equal(read_world(&store, world, &err), HM_BAD_INPUT);
    assert_memory_equal(err.text, place, sizeof place - 1);
    assert_string_equal(err.text + sizeof place - 1, "unset, expected a secret");
    setenv("HM_WORLD_TEST_KEY", "", 1);
    assert_int_equal(read_world(&store, world, &err), HM_BAD_INPUT);
    assert_string_equal(err.text + sizeof place - 1, "empty, expected a secret");
    setenv("HM_WORLD_TEST_KEY", "k", 1);
    assert_int_equal(read_world(&store, world, &err), HM_OK);
    store_free(store);
}

/* Writes a world and a file of contacts beside it; returns what reading them comes to. */
static enum hm_code read_with_contacts(const char *lines, struct store **store,
                                       struct hm_error *err)
{
    char folder[TEMPORARY_PATH], world[TEMPORARY_PATH + 16], contacts[TEMPORARY_PATH + 16];
    enum hm_code code;
    FILE *file;

    if (!temporary_folder(folder))
        abort();
    snprintf(world, sizeof world, "%s/w.json", folder);
    snprintf(contacts, sizeof contacts, "%s/c.ndjson", folder);
    file = fopen(world, "w");
    fputs(TEAM(SECRETS ",\"contacts\":[{" ADA "}],\"contacts_file\":\"c.ndjson\""), file);
    fclose(file);
    if (lines != NULL) {
        file = fopen(contacts, "w");
        fputs(lines, file);
        fclose(file);
    }
    code = load_world(store, world, err);
    unlink(contacts);
    unlink(world);
    rmdir(folder);
    return code;
}

TEST(contacts_come_from_a_file_of_lines)
{
    struct hm_error err = { 0 };
    struct store *store;

    assert_int_equal(read_with_contacts("{" BOB "}\n\n  \n{\"uuid\":\"b0b0b0b0-0000-4000-8000-"
                                        "00000000b0b1\",\"contact_id\":10,\"channels\":[{" OWN
                                        "\"x\":1}]}",
                                        &store, &err),
                     HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "/c.ndjson:4:"));
    assert_int_equal(read_with_contacts("{" BOB "}\r\n", &store, &err), HM_OK);
    assert_int_equal(store_contact_count(store), 2);
    store_free(store);
    assert_int_equal(read_with_contacts("", &store, &err), HM_OK);
    store_free(store);
}

TEST(a_bad_line_is_named_by_its_number)
{
    static const struct {
        const char *lines, *says;
    } rows[] = {
        { "{" BOB "}\n{" BOB "}\n",
          "/c.ndjson:2:9: /uuid: found b0b0b0b0-0000-4000-8000-00000000b0b0 a second time, "
          "expected each UUID once" },
        { "{" ADA "}\n", "/c.ndjson:1:9: /uuid: found ada0ada0-1815-4000-8000-00000000ada0 a "
                         "second time, expected each UUID once" },
        { "\n\n{\"uuid\":7}\n", "/c.ndjson:3:9: /uuid: found an integer, expected a string" },
        { "{" BOB "}\n[]\n", "/c.ndjson:2:1: (root): found an array, expected an object" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hm_error err = { 0 };
        struct store *store;
        const char *said;

        assert_int_equal(read_with_contacts(rows[i].lines, &store, &err), HM_BAD_INPUT);
        said = strstr(err.text, "/c.ndjson");
        assert_non_null(said);
        assert_string_equal(said, rows[i].says);
    }
}

TEST(a_file_of_contacts_that_is_not_there_is_named_where_it_is_asked_for)
{
    struct hm_error err = { 0 };
    struct store *store;

    assert_int_equal(read_with_contacts(NULL, &store, &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "/w.json:2:"));
    assert_non_null(strstr(err.text, ": /teams/0/contacts_file: "));
    assert_non_null(strstr(err.text, "cannot be opened: No such file or directory"));
}

TEST(a_line_without_end_is_not_read_without_end)
{
    struct hm_error err = { 0 };
    struct store *store;
    char *line = malloc(WORLD_LINE_BYTES_MAX + 2);

    assert_non_null(line);
    memset(line, 'x', WORLD_LINE_BYTES_MAX + 1);
    line[WORLD_LINE_BYTES_MAX + 1] = '\0';
    assert_int_equal(read_with_contacts(line, &store, &err), HM_BAD_INPUT);
    free(line);
    assert_non_null(strstr(
        err.text, "/c.ndjson:1:1: found a line of more than 16777216 bytes, which is the limit"));
}

/* Whatever is wrong, the key is not shown. */
TEST(no_complaint_shows_a_key)
{
    static const char *const worlds[] = {
        TEAM("\"secrets\":[{\"id\":\"i\",\"key\":\"canarycanary\",\"x\":1}]"),
        TEAM("\"secrets\":[{\"id\":\"i\",\"key\":\"canarycanary\" \"canarycanary\"}]"),
        TEAM("\"secrets\":[{\"id\":\"i\",\"key\":canarycanary}]"),
        TEAM("\"secrets\":[{\"id\":\"i\",\"key\":[\"canarycanary\"]}]"),
        TEAM("\"secrets\":[{\"id\":7,\"key\":\"canarycanary\"}]"),
        TEAM("\"secrets\":[{\"id\":\"\",\"key\":\"canarycanary\"}]"),
        TEAM(SECRETS ",\"legacy_key\":[\"canarycanary\"]"),
    };

    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        struct hm_error err = { 0 };
        struct store *store;

        assert_int_equal(read_world(&store, worlds[i], &err), HM_BAD_INPUT);
        assert_null(strstr(err.text, "canary"));
    }
}
