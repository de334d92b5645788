#include "support/json_file.h"
#include "tests/temporary.h"
#include "tests/unit.h"
#include <unistd.h>

static bool complains(const char *text, size_t length, const char *expected)
{
    struct json_file file;
    struct hm_error err = { 0 };
    enum hm_code code = json_file_parse(&file, "f", text, length, &err);
    bool same = code == HM_BAD_INPUT && err.code == HM_BAD_INPUT && file.root == NULL &&
                strcmp(err.text, expected) == 0;

    if (!same)
        print_error("found    %s\nexpected %s\n", code == HM_OK ? "no complaint" : err.text,
                    expected);
    json_file_fini(&file);
    return same;
}

#define REFUSES(text, expected) assert_true(complains((text), sizeof(text) - 1, (expected)))

TEST(says_what_jansson_says_and_where)
{
    REFUSES("[1 2]", "f:1:4: ']' expected");
    REFUSES("{\"a\":1 \"b\":2}", "f:1:8: '}' expected");
    REFUSES("{a:1}", "f:1:2: string or '}' expected");
    REFUSES("{} {}", "f:1:4: end of file expected");
    REFUSES("{\n  \"a\": tru\n}", "f:2:8: invalid token");
    REFUSES("[\n1,\n\n  01]", "f:4:3: invalid token");
    REFUSES("[1,]", "f:1:4: unexpected token");
    REFUSES("{\"a\":1,\n}", "f:2:1: string or '}' expected");
    REFUSES("[1,\r\n x]", "f:2:2: invalid token");
    REFUSES("[\"\u00e9\u00e9\" x]", "f:1:9: ']' expected"); /* columns are bytes */
}

TEST(says_that_the_file_ends_early)
{
    REFUSES("", "f:1:1: found an empty file, expected JSON");
    REFUSES(" \r\n\t", "f:1:1: found an empty file, expected JSON");
    REFUSES("[1,\n 2\n", "f:3:1: ']' expected near end of file");
    REFUSES("[\"abc", "f:1:6: premature end of input");
}

TEST(points_at_a_broken_string)
{
    REFUSES("[\"a\nb\"]", "f:1:2: unexpected newline");
    REFUSES("[\"a\tb\"]", "f:1:2: control character 0x9");
    REFUSES("[\"a\\qb\"]", "f:1:2: invalid escape");
    REFUSES("[\"x\\ud800\"]", "f:1:2: invalid Unicode '\\uD800'");
}

TEST(refuses_what_is_not_utf8)
{
    REFUSES("[\n\"a\xff"
            "b\"]",
            "f:2:1: unable to decode byte 0xff");
    REFUSES("\xff\xfe[\x01]", "f:1:1: unable to decode byte 0xff");
    REFUSES("\xEF\xBB\xBF{}", "f:1:1: found a byte order mark, expected UTF-8 without one");
    REFUSES("\xEF", "f:1:1: unable to decode byte 0xef");
    REFUSES("{}\0", "f:1:3: found a NUL byte, expected JSON in UTF-8");
    REFUSES("[\"\0\"]", "f:1:3: found a NUL byte, expected JSON in UTF-8");
}

TEST(refuses_duplicates_and_numbers_and_depths_out_of_range)
{
    enum { DEPTH = 100 * 1000 };
    char *text = malloc(DEPTH);

    REFUSES("{\"a\":1,\n  \"a\":2}", "f:2:3: duplicate object key");
    REFUSES("{\"a\":{\"b\":1, \"\\u0062\":2}}", "f:1:14: duplicate object key");
    REFUSES("[1e999]", "f:1:2: real number overflow");
    REFUSES("[1, 99999999999999999999]", "f:1:5: too big integer");
    assert_non_null(text);
    memset(text, '[', DEPTH);
    assert_true(complains(text, DEPTH, "f:1:2049: maximum parsing depth reached"));
    free(text);
}

/* jansson quotes what is near the mistake; it may be a secret. */
TEST(does_not_quote_the_text)
{
    REFUSES("{\"key\": c0ffee0123456789}", "f:1:9: invalid token");
    REFUSES("{\"key\": \"id\" \"c0ffee012\"}", "f:1:14: '}' expected");
    REFUSES("{\"key\": c0f near 'fee}", "f:1:9: invalid token");
}

TEST(shortens_and_escapes_the_name_of_the_file)
{
    char name[1000], expected[HM_ERROR_TEXT];
    struct json_file file;
    struct hm_error err;

    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(expected, sizeof expected, "...%.200s:1:1: invalid token", name);
    assert_int_equal(json_file_parse(&file, name, "x", 1, &err), HM_BAD_INPUT);
    assert_string_equal(err.text, expected);
    assert_int_equal(json_file_parse(&file, "\x1b[2J", "x", 1, &err), HM_BAD_INPUT);
    assert_string_equal(err.text, "\\x1B[2J:1:1: invalid token");
}

TEST(takes_a_null_error)
{
    struct json_file file;

    assert_int_equal(json_file_parse(&file, "f", "x", 1, NULL), HM_BAD_INPUT);
}

TEST(the_text_is_copied)
{
    char text[] = "{\"a\": \"b\"}";
    struct json_file file;

    assert_int_equal(json_file_parse(&file, "f", text, strlen(text), NULL), HM_OK);
    memset(text, 'x', sizeof text);
    assert_string_equal(file.text, "{\"a\": \"b\"}");
    assert_string_equal(json_string_value(json_object_get(file.root, "a")), "b");
    json_file_fini(&file);
    json_file_fini(&file);
    assert_null(file.root);
}

static bool load_complains(const char *path, size_t ceiling, const char *expected)
{
    struct json_file file;
    struct hm_error err = { 0 };
    enum hm_code code = json_file_load(&file, path, ceiling, &err);
    bool same = code == HM_BAD_INPUT && strcmp(err.text, expected) == 0;

    if (!same)
        print_error("found    %s\nexpected %s\n", err.text, expected);
    json_file_fini(&file);
    return same;
}

TEST(says_why_a_file_cannot_be_read)
{
    assert_true(load_complains("/nonexistent/world.json", 100,
                               "/nonexistent/world.json: cannot be opened: No such file or "
                               "directory"));
    assert_true(load_complains("/", 100, "/: found a directory, expected a file"));
    assert_true(load_complains("/dev/null", 100,
                               "/dev/null: found a device or socket, expected a file or a pipe"));
}

TEST(loads_a_file_up_to_its_ceiling)
{
    static const char text[] = "{\"v\": 1}\n";
    char path[TEMPORARY_PATH], expected[TEMPORARY_PATH + 64];
    FILE *out = temporary_file(path) ? fopen(path, "w") : NULL;
    struct json_file file = { 0 };
    enum hm_code code = HM_INTERNAL;
    bool refused;

    if (out != NULL && fputs(text, out) >= 0 && fclose(out) == 0)
        code = json_file_load(&file, path, sizeof text - 1, NULL);
    json_file_fini(&file);
    snprintf(expected, sizeof expected, "%s: found more than 8 bytes, which is the limit", path);
    refused = load_complains(path, sizeof text - 2, expected);
    unlink(path);
    assert_int_equal(code, HM_OK);
    assert_true(refused);
}
