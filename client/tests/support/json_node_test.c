#include "support/json_node.h"
#include "tests/unit.h"

/* A reader as the programs have them: it takes a file apart and stops at the first complaint. */
typedef enum hm_code (*reader)(const struct json_node *root, struct hm_error *err);

static bool complains(const char *text, reader read, const char *expected)
{
    struct json_file file;
    struct hm_error err = { 0 };
    struct json_node root;
    enum hm_code code = json_file_parse(&file, "f", text, strlen(text), &err);
    bool same;

    root = json_node_root(&file);
    if (code == HM_OK)
        code = read(&root, &err);
    same =
        expected != NULL ? code == HM_BAD_INPUT && strcmp(err.text, expected) == 0 : code == HM_OK;
    if (!same)
        print_error("found    %s\nexpected %s\n", code == HM_OK ? "no complaint" : err.text,
                    expected != NULL ? expected : "no complaint");
    json_file_fini(&file);
    return same;
}

/* An object with an array "teams" of objects {"name": string, "size": 1..9}. */
static enum hm_code read_team(const struct json_node *team, struct hm_error *err)
{
    static const char *const members[] = { "name", "size", NULL };
    const char *name = "";
    int64_t size = 5;
    enum hm_code code = json_expect_object(team, members, err);

    if (code == HM_OK)
        code = json_get_string(team, "name", JSON_REQUIRED, &name, err);
    if (code == HM_OK)
        code = json_get_integer(team, "size", JSON_OPTIONAL, 1, 9, &size, err);
    return code;
}

static enum hm_code read_teams(const struct json_node *root, struct hm_error *err)
{
    struct json_node teams;
    enum hm_code code = json_get_array(root, "teams", JSON_REQUIRED, &teams, err);

    for (size_t i = 0; code == HM_OK && i < json_array_size(teams.value); i++) {
        struct json_node team = json_node_element(&teams, i);

        code = read_team(&team, err);
    }
    return code;
}

TEST(reads_what_is_right)
{
    assert_true(complains("{\"teams\": []}", read_teams, NULL));
    assert_true(complains("{\"teams\": [{\"name\": \"a\"}, {\"name\": \"\", \"size\": 9}]}",
                          read_teams, NULL));
}

TEST(points_at_a_value_of_another_type)
{
    assert_true(complains("{\"teams\": 1}", read_teams,
                          "f:1:11: /teams: found an integer, expected an array"));
    assert_true(
        complains("{\n  \"teams\": [\n    {\"name\": \"a\"},\n    {\"name\" : null}\n  ]\n}",
                  read_teams, "f:4:15: /teams/1/name: found null, expected a string"));
    assert_true(complains("{\"teams\": [{\"name\": \"a\", \"size\": 1.0}]}", read_teams,
                          "f:1:34: /teams/0/size: found a real number, expected an integer"));
    assert_true(complains("{\"teams\": [{\"name\": {}}]}", read_teams,
                          "f:1:21: /teams/0/name: found an object, expected a string"));
    assert_true(complains("{\"teams\": [true]}", read_teams,
                          "f:1:12: /teams/0: found true, expected an object"));
}

TEST(points_at_the_root)
{
    assert_true(
        complains(" \n []", read_teams, "f:2:2: (root): found an array, expected an object"));
    assert_true(
        complains("\"x\"", read_teams, "f:1:1: (root): found a string, expected an object"));
}

TEST(points_at_the_parent_of_a_missing_member)
{
    assert_true(complains("  {}", read_teams, "f:1:3: /teams: found nothing, expected an array"));
    assert_true(complains("{\"teams\": [\n {\"size\": 1}]}", read_teams,
                          "f:2:2: /teams/0/name: found nothing, expected a string"));
}

TEST(names_the_range_of_an_integer)
{
    assert_true(complains("{\"teams\": [{\"name\": \"a\", \"size\": 10}]}", read_teams,
                          "f:1:34: /teams/0/size: found 10, expected an integer from 1 to 9"));
    assert_true(complains("{\"teams\": [{\"name\": \"a\", \"size\": 0}]}", read_teams,
                          "f:1:34: /teams/0/size: found 0, expected an integer from 1 to 9"));
}

TEST(refuses_a_string_with_a_nul)
{
    assert_true(complains("{\"teams\": [{\"name\": \"a\\u0000b\"}]}", read_teams,
                          "f:1:21: /teams/0/name: found a string with a NUL in it, expected one "
                          "without"));
}

TEST(points_at_the_name_of_an_unknown_member)
{
    assert_true(complains("{\"teams\": [{\"name\": \"a\",\n \"sise\": 1}]}", read_teams,
                          "f:2:2: /teams/0/sise: found an unknown member; did you mean \"size\"?"));
    assert_true(complains("{\"teams\": [{\"colour\": 1}]}", read_teams,
                          "f:1:13: /teams/0/colour: found an unknown member, expected one of name, "
                          "size"));
}

/* Complains of the place /a b/~c~/d/2/... that the texts below have in different clothes. */
static enum hm_code read_far(const struct json_node *root, struct hm_error *err)
{
    struct json_node a = json_node_member(root, "a\"b");
    struct json_node b = json_node_member(&a, "~/\u00e9");
    struct json_node c = json_node_element(&b, 2);

    return json_complain(&c, err, "here");
}

TEST(finds_keys_that_are_written_with_escapes)
{
    assert_true(complains("{\"a\\\"b\": {\"~/\u00e9\": [1, 2, 3]}}", read_far,
                          "f:1:26: /a\"b/~0~1\u00e9/2: here"));
    assert_true(complains("{\"\\u0061\\u0022b\": {\"\\u007E\\/\\u00e9\": [1, 2, 3]}}", read_far,
                          "f:1:45: /a\"b/~0~1\u00e9/2: here"));
}

TEST(is_not_misled_by_what_stands_before)
{
    assert_true(
        complains("{\"x\": {\"a\\\"b\": [[], {}, \"]}\", \"\\\"\", \"\\\\\"]}, \"y\": \"a\\\"b\",\n"
                  "\"a\\\"b\": {\"z\": [1, [2, {\"~/\u00e9\": 0}]], \"~/\u00e9\":\n"
                  "  [{\"k\": [1]}, \"[,]\", \n 7]}}",
                  read_far, "f:4:2: /a\"b/~0~1\u00e9/2: here"));
}

TEST(a_place_that_is_not_there_is_its_nearest_parent)
{
    assert_true(complains("{\"a\\\"b\": {\"~/\u00e9\": [1]}}", read_far,
                          "f:1:19: /a\"b/~0~1\u00e9/2: here"));
    assert_true(complains("{\"a\\\"b\": {}}", read_far, "f:1:10: /a\"b/~0~1\u00e9/2: here"));
    assert_true(complains("[]", read_far, "f:1:1: /a\"b/~0~1\u00e9/2: here"));
}

/* Of two members of which one is the other's prefix or empty, the right one is found. */
static enum hm_code read_prefix(const struct json_node *root, struct hm_error *err)
{
    struct json_node empty = json_node_member(root, "");
    struct json_node node = json_node_member(&empty, "ab");

    return json_complain(&node, err, "%s", "here");
}

TEST(compares_whole_keys)
{
    assert_true(complains("{\"a\": 1, \"\": {\"a\": 1, \"abc\": 2, \"b\": 3, \"ab\": 4}}",
                          read_prefix, "f:1:47: //ab: here"));
}

static enum hm_code read_deep(const struct json_node *root, struct hm_error *err)
{
    struct json_node inner = json_node_element(root, 1);

    return json_complain(&inner, err, "here");
}

TEST(passes_deep_nesting_without_recursion)
{
    enum { DEPTH = 2000 };
    char text[2 * DEPTH + 10] = "[";

    memset(text + 1, '[', DEPTH);
    memset(text + 1 + DEPTH, ']', DEPTH);
    memcpy(text + 1 + (size_t)2 * DEPTH, ", 1]", sizeof ", 1]");
    assert_true(complains(text, read_deep, "f:1:4004: /1: here"));
}

static enum hm_code read_hostile(const struct json_node *root, struct hm_error *err)
{
    static const char *const members[] = { NULL };

    return json_expect_object(root, members, err);
}

TEST(escapes_names_from_the_file)
{
    assert_true(complains("{\"\\u001b[2J\\n\": 1}", read_hostile,
                          "f:1:2: /\\x1B[2J\\x0A: found an unknown member, expected none"));
}

/* It may be a key in the wrong place. */
TEST(shows_the_number_of_a_member_instead_of_a_name_that_is_no_word)
{
    static const struct {
        const char *name, *shown;
    } rows[] = {
        { "retry_after-x$", "/retry_after-x$: " },
        { "Content-Type", "/Content-Type: " },
        { "k3y", "/k3y: " },
        { "abcdefghijklmnopqrstuvwx", "/abcdefghijklmnopqrstuvwx: " },
        { "abcdefghijklmnopqrstuvwxy", "/<member 1>: " },
        { "k3yk3yk3", "/<member 1>: " },
        { "channelType", "/<member 1>: " },
        { "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK", "/<member 1>: " },
        { "a b c d e", "/<member 1>: " },
        { "\u00e9\u00e9\u00e9\u00e9", "/<member 1>: " },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[128], expected[192];

        snprintf(text, sizeof text, "{\"%s\": 1}", rows[i].name);
        snprintf(expected, sizeof expected, "f:1:2: %sfound an unknown member, expected none",
                 rows[i].shown);
        assert_true(complains(text, read_hostile, expected));
    }
}

/* Counts the values at whose place the text does not hold them, the node's own and those below. */
static size_t misplaced(const struct json_node *node)
{
    const struct json_file *file = node->file;
    size_t offset = json_node_offset(node);
    json_t *there = json_loadb(file->text + offset, file->length - offset,
                               JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, NULL);
    size_t wrong = there == NULL || !json_equal(there, node->value);
    const char *key;
    json_t *value;

    json_decref(there);
    json_object_foreach (node->value, key, value) {
        struct json_node member = json_node_member(node, key);

        wrong += misplaced(&member);
    }
    for (size_t i = 0; i < json_array_size(node->value); i++) {
        struct json_node element = json_node_element(node, i);

        wrong += misplaced(&element);
    }
    return wrong;
}

TEST(finds_every_value_of_a_large_file)
{
    struct json_file file;
    struct json_node root;
    size_t wrong = 1;

    if (json_file_load(&file, HM_SOURCE "/fixtures/schemas/case.schema.json", 1000000, NULL) ==
        HM_OK) {
        root = json_node_root(&file);
        wrong = misplaced(&root);
    }
    json_file_fini(&file);
    assert_int_equal(wrong, 0);
}

TEST(optional_members_keep_their_default)
{
    struct json_file file;
    struct json_node root, node;
    const char *text = "default";
    int64_t number = 7;

    assert_int_equal(json_file_parse(&file, "f", "{}", 2, NULL), HM_OK);
    root = json_node_root(&file);
    assert_int_equal(json_get_string(&root, "a", JSON_OPTIONAL, &text, NULL), HM_OK);
    assert_int_equal(json_get_integer(&root, "a", JSON_OPTIONAL, 0, 9, &number, NULL), HM_OK);
    assert_int_equal(json_get_object(&root, "a", JSON_OPTIONAL, &node, NULL), HM_OK);
    assert_null(node.value);
    assert_int_equal(json_get_array(&root, "a", JSON_OPTIONAL, &node, NULL), HM_OK);
    assert_null(node.value);
    assert_string_equal(text, "default");
    assert_int_equal(number, 7);
    json_file_fini(&file);
}

TEST(null_is_not_absent)
{
    assert_true(complains("{\"teams\": [{\"name\": \"a\", \"size\": null}]}", read_teams,
                          "f:1:34: /teams/0/size: found null, expected an integer"));
}

TEST(names_types)
{
    static const struct {
        const char *text, *name;
    } rows[] = {
        { "{}", "an object" }, { "[]", "an array" },       { "\"\"", "a string" },
        { "1", "an integer" }, { "1.5", "a real number" }, { "true", "true" },
        { "false", "false" },  { "null", "null" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *value = json_loads(rows[i].text, JSON_DECODE_ANY, NULL);
        const char *name = json_type_name(value);

        json_decref(value);
        assert_string_equal(name, rows[i].name);
    }
    assert_string_equal(json_type_name(NULL), "nothing");
}
