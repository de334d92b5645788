#include "support/text.h"
#include "support/uuid.h"
#include "tests/unit.h"

static bool valid(const char *text)
{
    return uuid_is_valid(text, strlen(text));
}

TEST(takes_uuids_of_any_case_version_and_variant)
{
    assert_true(valid("71a09b32-91ea-4a9d-a6a9-62d0a5f8ee02"));
    assert_true(valid("71A09B32-91EA-4A9D-A6A9-62D0A5F8EE02"));
    assert_true(valid("00000000-0000-0000-0000-000000000000"));
    assert_true(valid("ffffffff-ffff-ffff-ffff-ffffffffffff"));
}

TEST(hex_digits_of_either_case_are_read)
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < 16; i++)
        assert_int_equal(hex_value(digits[i]), i);
    assert_int_equal(hex_value('A'), 10);
    assert_int_equal(hex_value('F'), 15);
    for (const char *at = "/:@G`g -"; *at != '\0'; at++)
        assert_int_equal(hex_value(*at), -1);
    assert_int_equal(hex_value('\0'), -1);
}

TEST(refuses_what_is_no_uuid)
{
    assert_false(valid(""));
    assert_false(valid("12345"));
    assert_false(valid("71a09b32-91ea-4a9d-a6a9-62d0a5f8ee0"));
    assert_false(valid("71a09b32-91ea-4a9d-a6a9-62d0a5f8ee022"));
    assert_false(valid("71a09b32x91ea-4a9d-a6a9-62d0a5f8ee02"));
    assert_false(valid("71a09b3-291ea-4a9d-a6a9-62d0a5f8ee02"));
    assert_false(valid("71a09b32-91ea-4a9d-a6a9-62d0a5f8ee0g"));
    assert_false(valid("71a09b3291ea4a9da6a962d0a5f8ee02"));
    assert_false(valid("{71a09b32-91ea-4a9d-a6a9-62d0a5f8ee02}"));
    assert_false(valid("urn:uuid:71a09b32-91ea-4a9d-a6a9-62d0a5f8ee02"));
    assert_false(uuid_is_valid("71a09b32-91ea-4a9d-a6a9-62d0a5f8e\0e2", 36));
}

TEST(shows_uuids_in_lower_case)
{
    char lower[UUID_TEXT];

    uuid_lower(lower, "71A09B32-91ea-4A9D-A6A9-62D0A5F8EE02 and more");
    assert_string_equal(lower, "71a09b32-91ea-4a9d-a6a9-62d0a5f8ee02");
}

TEST(makes_version_4_uuids_that_differ)
{
    char last[UUID_TEXT] = "", uuid[UUID_TEXT], lower[UUID_TEXT];
    struct uuid_stock stock = { .left = 0 };

    for (int i = 0; i < 1000; i++) {
        assert_true(i % 2 == 0 ? uuid_new(uuid) : uuid_draw(uuid, &stock));
        assert_true(valid(uuid));
        assert_int_equal(uuid[14], '4');
        assert_non_null(strchr("89ab", uuid[19]));
        uuid_lower(lower, uuid);
        assert_string_equal(uuid, lower);
        assert_string_not_equal(uuid, last);
        memcpy(last, uuid, sizeof last);
    }
}

TEST(reads_integers_within_their_range)
{
    int64_t value = 7;

    assert_true(text_to_int64(&value, "0", 0, 0));
    assert_int_equal(value, 0);
    assert_true(text_to_int64(&value, "-300", INT64_MIN, INT64_MAX));
    assert_int_equal(value, -300);
    assert_true(text_to_int64(&value, "+300", 0, 300));
    assert_int_equal(value, 300);
    assert_true(text_to_int64(&value, "007", 0, 10));
    assert_int_equal(value, 7);
    assert_true(text_to_int64(&value, "9223372036854775807", INT64_MIN, INT64_MAX));
    assert_true(value == INT64_MAX);
    assert_true(text_to_int64(&value, "-9223372036854775808", INT64_MIN, INT64_MAX));
    assert_true(value == INT64_MIN);
}

TEST(refuses_what_is_no_integer_and_leaves_the_value)
{
    static const char *const wrong[] = { "",
                                         "+",
                                         "-",
                                         " 1",
                                         "1 ",
                                         "1.0",
                                         "1e3",
                                         "0x1",
                                         "--1",
                                         "+-1",
                                         "- 1",
                                         "1\n",
                                         "one",
                                         "301",
                                         "-1",
                                         "9223372036854775808",
                                         "99999999999999999999999" };
    int64_t value = 7;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (text_to_int64(&value, wrong[i], 0, 300) || value != 7)
            fail_msg("'%s' was taken", wrong[i]);
}

TEST(compares_ascii_letters_without_case)
{
    assert_true(text_equal_nocase("", ""));
    assert_true(text_equal_nocase("Content-Type", "content-tYPE"));
    assert_false(text_equal_nocase("Content-Type", "Content-Typ"));
    assert_false(text_equal_nocase("Content-Typ", "Content-Type"));
    assert_false(text_equal_nocase("[", "{")); /* 0x20 apart, but no letters */
    assert_false(text_equal_nocase("\xC3\x84", "\xC3\xA4"));
}

TEST(matches_globs)
{
    static const struct {
        const char *text, *pattern;
        bool matches;
    } cases[] = {
        { "J5-colon", "J5-*", true },
        { "J5-colon", "J5", false },
        { "J5", "J5*", true },
        { "J10-x", "J?-*", false },
        { "J1-x", "J?-*", true },
        { "", "", true },
        { "", "*", true },
        { "", "?", false },
        { "a", "", false },
        { "abc", "*c", true },
        { "abcbc", "*bc", true },
        { "abcbd", "*bc", false },
        { "abc", "a**c", true },
        { "abc", "???", true },
        { "abc", "????", false },
        { "abc", "ABC", false },
        { "a[b]", "a[b]", true },
        { "ab", "a[b]", false },
        { "a*b", "a*b", true },
        { "mississippi", "m*iss*ip*i", true },
        { "mississippi", "m*iss*ix*i", false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (text_matches_glob(cases[i].text, cases[i].pattern) != cases[i].matches)
            fail_msg("'%s' against '%s'", cases[i].text, cases[i].pattern);
}

TEST(a_glob_of_many_stars_ends_soon)
{
    char text[10001];

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(text_matches_glob(text, "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"));
}

TEST(names_the_nearest)
{
    static const char *const names[] = { "--listen", "--tls-listen", "--journal",
                                         "--log",    "sign",         NULL };

    assert_string_equal(text_nearest("--lisen", names), "--listen");
    assert_string_equal(text_nearest("--lsiten", names), "--listen");
    assert_string_equal(text_nearest("--tls-listn", names), "--tls-listen");
    assert_string_equal(text_nearest("--logs", names), "--log");
    assert_string_equal(text_nearest("sgin", names), "sign");
    assert_string_equal(text_nearest("SIGN", names), "sign");
    assert_string_equal(text_nearest("sign", names), "sign");
}

TEST(names_none_where_none_is_near)
{
    static const char *const names[] = { "--listen", "id", NULL };
    static const char *const no_names[] = { NULL };

    assert_null(text_nearest("", names));
    assert_null(text_nearest("--fault", names));
    assert_null(text_nearest("ad", names));
    assert_null(text_nearest("x", no_names));
    assert_null(text_nearest("--listen-------------------------------------------------------"
                             "------------------",
                             names));
}
