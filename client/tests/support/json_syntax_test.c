#include "support/json_file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

#define BROKEN_ESCAPE                                                                              \
    " found a broken escape in a string, expected \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u with "  \
    "four hex digits, surrogates in pairs"

static void says_what_stands_in_place_of_what(void **state)
{
    (void)state;
    REFUSES("[1 2]", "f:1:4: found '2', expected ',' or ']'");
    REFUSES("{\"a\":1 \"b\":2}", "f:1:8: found a string, expected ',' or '}'");
    REFUSES("{\"a\" 1}", "f:1:6: found '1', expected ':' behind the member's name");
    REFUSES("{a:1}", "f:1:2: found 'a', expected a member's name in double quotes");
    REFUSES("{'a':1}", "f:1:2: found a single quote, expected a member's name in double quotes");
    REFUSES("[}", "f:1:2: found '}', expected a JSON value");
    REFUSES("{\"a\":[1}", "f:1:8: found '}', expected ',' or ']'");
    REFUSES("{} {}", "f:1:4: found '{', expected the end of the file");
    REFUSES("[1]]", "f:1:4: found ']', expected the end of the file");
    REFUSES("{\n  \"a\": tru\n}", "f:2:8: found 'tru', expected a JSON value");
    REFUSES("[\n1,\n\n  01]", "f:4:3: found '01', expected a JSON value");
    REFUSES("[1.]", "f:1:2: found '1.', expected a JSON value");
    REFUSES("[+1]", "f:1:2: found '+1', expected a JSON value");
    REFUSES("[.5]", "f:1:2: found '.5', expected a JSON value");
    REFUSES("[NaN]", "f:1:2: found 'NaN', expected a JSON value");
    REFUSES("[\u201cx\u201d]", "f:1:2: found '\u201c', expected a JSON value");
    REFUSES("[1\x1b]", "f:1:3: found '\\x1B', expected ',' or ']'");
}

static void says_that_a_comma_is_too_many(void **state)
{
    (void)state;
    REFUSES("[1,]", "f:1:4: found ']' behind a comma, expected a JSON value");
    REFUSES("{\"a\":1,\n}",
            "f:2:1: found '}' behind a comma, expected a member's name in double quotes");
    REFUSES("[1,,2]", "f:1:4: found ',' behind a comma, expected a JSON value");
}

static void says_that_json_has_no_comments(void **state)
{
    (void)state;
    REFUSES("// world\n{}", "f:1:1: found '/' (JSON has no comments), expected a JSON value");
    REFUSES("[1, # one\n2]", "f:1:5: found '#' (JSON has no comments), expected a JSON value");
}

static void columns_count_bytes(void **state)
{
    (void)state;
    REFUSES("[\"\u00e9\u00e9\" x]", "f:1:9: found 'x', expected ',' or ']'");
    REFUSES("[\t x y]", "f:1:4: found 'x', expected a JSON value");
}

static void lines_end_with_lf_or_crlf(void **state)
{
    (void)state;
    REFUSES("[1,\r\n x]", "f:2:2: found 'x', expected a JSON value");
}

static void says_that_the_file_ends_early(void **state)
{
    (void)state;
    REFUSES("{", "f:1:2: found the end of the file, expected a member's name in double quotes");
    REFUSES("[1,\n 2\n", "f:3:1: found the end of the file, expected ',' or ']'");
    REFUSES("{\"a\"", "f:1:5: found the end of the file, expected ':' behind the member's name");
    REFUSES("{\"a\":", "f:1:6: found the end of the file, expected a JSON value");
}

static void refuses_an_empty_file(void **state)
{
    (void)state;
    REFUSES("", "f:1:1: found an empty file, expected JSON");
    REFUSES(" \r\n\t", "f:1:1: found an empty file, expected JSON");
}

static void points_into_strings(void **state)
{
    (void)state;
    REFUSES("[\"abc", "f:1:2: found a string without its closing quote, expected '\"'");
    REFUSES("{\"a\\\n\"b\": 1}", "f:1:4:" BROKEN_ESCAPE);
    REFUSES("[\"a\nb\"]", "f:1:2: found a string without its closing quote, expected '\"'");
    REFUSES("[\"abc\\", "f:1:6:" BROKEN_ESCAPE);
    REFUSES("[\"a\tb\"]", "f:1:4: found a control character in a string, expected it as \\u00NN");
    REFUSES("[\"a\\qb\"]", "f:1:4:" BROKEN_ESCAPE);
    REFUSES("[\"\\u12\"]", "f:1:3:" BROKEN_ESCAPE);
}

static void refuses_lone_surrogates(void **state)
{
    (void)state;
    REFUSES("[\"x\\ud800\"]", "f:1:4:" BROKEN_ESCAPE);
    REFUSES("[\"x\\ud800\\u0041\"]", "f:1:4:" BROKEN_ESCAPE);
    REFUSES("[\"x\\udc00\"]", "f:1:4:" BROKEN_ESCAPE);
}

static void refuses_what_is_not_utf8(void **state)
{
    (void)state;
    REFUSES("[\"a\xff"
            "b\"]",
            "f:1:4: found a byte that is not UTF-8, expected UTF-8");
    REFUSES("[\n\xff]", "f:2:1: found a byte that is not UTF-8, expected UTF-8");
    REFUSES("[\"\xed\xa0\x80\"]", "f:1:3: found a byte that is not UTF-8, expected UTF-8");
    REFUSES("\xff\xfe[\x01]", "f:1:1: found UTF-16, expected UTF-8");
    REFUSES("\xEF\xBB\xBF{}",
            "f:1:1: found a byte order mark, expected JSON (save the file as UTF-8 without one)");
}

static void refuses_nul_bytes_wherever_they_stand(void **state)
{
    (void)state;
    REFUSES("{}\0", "f:1:3: found a NUL byte, expected JSON in UTF-8");
    REFUSES("{\"a\":1\0}", "f:1:7: found a NUL byte, expected JSON in UTF-8");
    REFUSES("[\"\0\"]", "f:1:3: found a NUL byte, expected JSON in UTF-8");
    REFUSES("{\"a\\u0000\":1}", "f:1:2: found a NUL in a member's name, expected a name without");
}

static void refuses_a_member_that_stands_twice_at_its_second_place(void **state)
{
    (void)state;
    REFUSES("{\"a\":1,\n  \"a\":2}",
            "f:2:3: found the member \"a\" a second time, expected each name once");
    REFUSES("{\"a\":{\"b\":1, \"\\u0062\":2}}",
            "f:1:14: found the member \"\\u0062\" a second time, expected each name once");
}

static void refuses_numbers_out_of_reach(void **state)
{
    (void)state;
    REFUSES("[1e999]", "f:1:2: found a number that is too large, expected one of 64 bits");
    REFUSES("[1, 99999999999999999999]",
            "f:1:5: found a number that is too large, expected one of 64 bits");
}

static void refuses_brackets_nested_too_deeply(void **state)
{
    enum { DEPTH = 100 * 1000 };
    char *text = malloc(DEPTH);

    (void)state;
    assert_non_null(text);
    memset(text, '[', DEPTH);
    assert_true(complains(
        text, DEPTH, "f:1:2049: found brackets nested too deeply, expected at most 2048 levels"));
    free(text);
}

static void does_not_quote_what_may_be_a_secret(void **state)
{
    (void)state;
    REFUSES("{\"key\": c0ffee0123456789}",
            "f:1:9: found a word without quotes, expected a JSON value");
    REFUSES("{\"key\": \"id\" \"c0ffee0123456789\"}",
            "f:1:14: found a string, expected ',' or '}'");
}

static void shortens_long_names_of_files_and_members(void **state)
{
    char name[1000], text[600], expected[HM_ERROR_TEXT];
    struct json_file file;
    struct hm_error err;
    enum hm_code code;

    (void)state;
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(text, sizeof text, "{\"%0200d\":1,\"%0200d\":1}", 0, 0);
    snprintf(
        expected, sizeof expected,
        "...%.200s:1:207: found the member \"%059d...\" a second time, expected each name once",
        name, 0);
    code = json_file_parse(&file, name, text, strlen(text), &err);
    assert_int_equal(code, HM_BAD_INPUT);
    assert_string_equal(err.text, expected);
}

static void escapes_the_name_of_the_file(void **state)
{
    struct json_file file;
    struct hm_error err;

    (void)state;
    assert_int_equal(json_file_parse(&file, "\x1b[2J", "x", 1, &err), HM_BAD_INPUT);
    assert_string_equal(err.text, "\\x1B[2J:1:1: found 'x', expected a JSON value");
}

static void takes_a_null_error(void **state)
{
    struct json_file file;

    (void)state;
    assert_int_equal(json_file_parse(&file, "f", "x", 1, NULL), HM_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_stands_in_place_of_what),
        cmocka_unit_test(says_that_a_comma_is_too_many),
        cmocka_unit_test(says_that_json_has_no_comments),
        cmocka_unit_test(columns_count_bytes),
        cmocka_unit_test(lines_end_with_lf_or_crlf),
        cmocka_unit_test(says_that_the_file_ends_early),
        cmocka_unit_test(refuses_an_empty_file),
        cmocka_unit_test(points_into_strings),
        cmocka_unit_test(refuses_lone_surrogates),
        cmocka_unit_test(refuses_what_is_not_utf8),
        cmocka_unit_test(refuses_nul_bytes_wherever_they_stand),
        cmocka_unit_test(refuses_a_member_that_stands_twice_at_its_second_place),
        cmocka_unit_test(refuses_numbers_out_of_reach),
        cmocka_unit_test(refuses_brackets_nested_too_deeply),
        cmocka_unit_test(does_not_quote_what_may_be_a_secret),
        cmocka_unit_test(shortens_long_names_of_files_and_members),
        cmocka_unit_test(escapes_the_name_of_the_file),
        cmocka_unit_test(takes_a_null_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
