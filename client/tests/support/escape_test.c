#include "support/escape.h"
#include "support/json_text.h"
#include "support/text.h"
#include "tests/unit.h"
#include <time.h>

enum { OUT_BYTES = 4096 };

static bool escapes(void (*escape)(struct buf *, const char *, size_t), const char *text,
                    size_t length, const char *expected)
{
    struct buf out;
    bool same;

    buf_init(&out, OUT_BYTES);
    escape(&out, text, length);
    same = buf_ok(&out) && strcmp(buf_text(&out), expected) == 0;
    if (!same)
        print_error("found    %s\nexpected %s\n", buf_text(&out), expected);
    buf_fini(&out);
    return same;
}

#define TERMINAL(text, expected)                                                                   \
    assert_true(escapes(escape_terminal, (text), sizeof(text) - 1, (expected)))
#define TAP(text, expected) assert_true(escapes(escape_tap, (text), sizeof(text) - 1, (expected)))
#define MARKUP(text, expected)                                                                     \
    assert_true(escapes(escape_markup, (text), sizeof(text) - 1, (expected)))

TEST(leaves_printable_utf8_as_it_is)
{
    TERMINAL("", "");
    TERMINAL("plain, \"quoted\" \\ 'text' ~", "plain, \"quoted\" \\ 'text' ~");
    TERMINAL("\u00e9 \u20ac \U0001F600 \u00a0", "\u00e9 \u20ac \U0001F600 \u00a0");
    TERMINAL("\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"); /* U+10FFFF */
}

TEST(escapes_control_characters)
{
    TERMINAL("a\nb\tc\rd", "a\\x0Ab\\x09c\\x0Dd");
    TERMINAL("\x1b[31mred", "\\x1B[31mred");
    TERMINAL("a\0b\x7f", "a\\x00b\\x7F");
    TERMINAL("\xC2\x9B"
             "31m",
             "\\xC2\\x9B"
             "31m"); /* C1: CSI in one character */
}

/* The first and the last of each range, and their neighbours, which are shown.
 * NOLINTBEGIN(misc-misleading-bidirectional) */
TEST(escapes_hidden_characters)
{
    TERMINAL("\u200b\u200f\u202e\u2069\u061c", "\\xE2\\x80\\x8B\\xE2\\x80\\x8F\\xE2\\x80\\xAE"
                                               "\\xE2\\x81\\xA9\\xD8\\x9C");
    TERMINAL("\u2028\u2029\ufeff", "\\xE2\\x80\\xA8\\xE2\\x80\\xA9\\xEF\\xBB\\xBF");
    TERMINAL("\u00ad\u2060\u206f", "\\xC2\\xAD\\xE2\\x81\\xA0\\xE2\\x81\\xAF");
    TERMINAL("\U000e0001\U000e0fff", "\\xF3\\xA0\\x80\\x81\\xF3\\xA0\\xBF\\xBF");
    TERMINAL("\u00ac\u00ae\u200a\u2010\u2027\u202f\u205f\u2070\u061b\u061d",
             "\u00ac\u00ae\u200a\u2010\u2027\u202f\u205f\u2070\u061b\u061d");
    TERMINAL("\U000dffff\U000e1000\u2764\ufe0f", "\U000dffff\U000e1000\u2764\ufe0f");
    TAP("\u202e#", "\\\\xE2\\\\x80\\\\xAE\\#");
    MARKUP("<\u202e>", "&lt;\\xE2\\x80\\xAE&gt;");
}

TEST(json_has_the_same_data)
{
    static const char text[] = "\x7f\xC2\x85\u202e\u00e9\U000e0041\"\\";
    json_t *tree = json_pack("{s:s}", text, text), *read;
    struct buf out;

    buf_init(&out, OUT_BYTES);
    json_text_tree(&out, tree, JSON_COMPACT);
    assert_string_equal(buf_text(&out), "{\"\\u007f\\u0085\\u202e\u00e9\\udb40\\udc41\\\"\\\\\":"
                                        "\"\\u007f\\u0085\\u202e\u00e9\\udb40\\udc41\\\"\\\\\"}");
    read = json_loads(buf_text(&out), 0, NULL);
    assert_true(json_equal(read, tree));
    json_decref(read);
    buf_clear(&out);
    json_text_string(&out, text, sizeof text - 1);
    assert_string_equal(buf_text(&out), "\"\\u007f\\u0085\\u202e\u00e9\\udb40\\udc41\\\"\\\\\"");
    buf_clear(&out);
    json_text_tree(&out, NULL, 0);
    assert_false(buf_ok(&out));
    buf_fini(&out);
    json_decref(tree);
}

TEST(a_shell_word_shows_nothing_hidden)
{
    struct buf out;

    buf_init(&out, OUT_BYTES);
    escape_shell(&out, "it's\n\t\x1b\u202e\xff\u00e9");
    assert_string_equal(buf_text(&out),
                        "'it'\\''s\n\t'\"$(printf '\\033')\"''\"$(printf '\\342')\"''\"$(printf "
                        "'\\200')\"''\"$(printf '\\256')\"''\"$(printf '\\377')\"'\u00e9'");
    buf_fini(&out);
}

TEST(escapes_bytes_that_are_not_utf8)
{
    TERMINAL("\xFFz", "\\xFFz");
    TERMINAL("\x80", "\\x80");
    TERMINAL("\xC0\xAF", "\\xC0\\xAF");                   /* over-long */
    TERMINAL("\xE0\x80\xAF", "\\xE0\\x80\\xAF");          /* over-long */
    TERMINAL("\xF0\x80\x80\xAF", "\\xF0\\x80\\x80\\xAF"); /* over-long */
    TERMINAL("\xED\xA0\x80", "\\xED\\xA0\\x80");          /* surrogate */
    TERMINAL("\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"); /* past U+10FFFF */
    TERMINAL("\xE2\x82", "\\xE2\\x82");                   /* cut */
    TERMINAL("\xE2\x82z", "\\xE2\\x82z");
    TERMINAL("\xC3", "\\xC3");
}

TEST(does_not_read_past_the_length)
{
    char *text = malloc(2); /* AddressSanitizer watches its end */

    assert_non_null(text);
    text[0] = '\xE2';
    text[1] = '\x82';
    assert_true(escapes(escape_terminal, text, 2, "\\xE2\\x82"));
    free(text);
}

TEST(escaping_twice_changes_nothing)
{
    TERMINAL("\\x1B[31m", "\\x1B[31m");
}

TEST(escapes_tap_directives)
{
    TAP("J5 # SKIP", "J5 \\# SKIP");
    TAP("a\\b", "a\\\\b");
    TAP("##", "\\#\\#");
    TAP("a\nok 2", "a\\\\x0Aok 2");
    TAP("\u20ac", "\u20ac");
}

TEST(escapes_markup)
{
    MARKUP("<b title=\"x\" y='z'>&amp;</b>]]>",
           "&lt;b title=&quot;x&quot; y=&#39;z&#39;&gt;&amp;amp;&lt;/b&gt;]]&gt;");
    MARKUP("a\n\tb \u20ac \U0001F600", "a\n\tb \u20ac \U0001F600");
}

TEST(shows_what_xml_may_not_hold)
{
    MARKUP("a\0b\x1b\r\x7f", "a\\x00b\\x1B\\x0D\\x7F");
    MARKUP("\xC2\x85", "\\xC2\\x85");                                          /* C1 */
    MARKUP("\xED\xA0\x80z", "\\xED\\xA0\\x80z");                               /* surrogate */
    MARKUP("\xEF\xBF\xBE<\xEF\xBF\xBF", "\\xEF\\xBF\\xBE&lt;\\xEF\\xBF\\xBF"); /* U+FFFE, U+FFFF */
    MARKUP("\xEF\xBF\xBD\xC3", "\xEF\xBF\xBD\\xC3"); /* U+FFFD is fine; cut */
}

TEST(makes_bytes_into_utf8)
{
    assert_true(escapes(escape_bytes, "a\n\"\u20ac\x1b\xFFz\xE2\x82", 12,
                        "a\n\"\u20ac\x1b\\xFFz\\xE2\\x82"));
    assert_true(escapes(escape_bytes, "", 0, ""));
}

/* The shell itself says what a word means. */
static bool means_itself_to_a_shell(const char *text)
{
    char answer[256] = "";
    struct buf command;
    FILE *shell;
    size_t length;
    bool same;

    buf_init(&command, OUT_BYTES);
    buf_puts(&command, "printf %s ");
    escape_shell(&command, text);
    shell = popen(buf_text(&command), "r");
    length = shell != NULL ? fread(answer, 1, sizeof answer - 1, shell) : 0;
    answer[length] = '\0';
    same = shell != NULL && pclose(shell) == 0 && strcmp(answer, text) == 0;
    buf_fini(&command);
    return same;
}

TEST(makes_shell_words)
{
    struct buf out;

    buf_init(&out, OUT_BYTES);
    escape_shell(&out, "it's");
    escape_shell(&out, "");
    assert_string_equal(buf_text(&out), "'it'\\''s'''");
    buf_fini(&out);
    assert_true(means_itself_to_a_shell("a b  c"));
    assert_true(means_itself_to_a_shell("$(id) `id` $HOME \"x\" 'y' \\ ! * ? ~ # ; & |"));
    assert_true(means_itself_to_a_shell("'"));
    assert_true(means_itself_to_a_shell("''"));
    assert_true(means_itself_to_a_shell("line\nline"));
}

static bool utc_is(int64_t unix_s, const char *expected)
{
    struct buf out;
    bool same;

    buf_init(&out, OUT_BYTES);
    append_utc(&out, unix_s);
    same = strcmp(buf_text(&out), expected) == 0;
    buf_fini(&out);
    return same;
}

TEST(writes_times_as_rfc3339)
{
    assert_true(utc_is(0, "1970-01-01T00:00:00Z"));
    assert_true(utc_is(1713225600, "2024-04-16T00:00:00Z"));
    assert_true(utc_is(951782399, "2000-02-28T23:59:59Z"));
    assert_true(utc_is(951782400, "2000-02-29T00:00:00Z"));
    assert_true(utc_is(-1, "1969-12-31T23:59:59Z"));
    assert_true(utc_is(-62167219200, "0000-01-01T00:00:00Z"));
    assert_true(utc_is(253402300799, "9999-12-31T23:59:59Z"));
}

TEST(writes_times_out_of_reach_as_numbers)
{
    assert_true(utc_is(-62167219201, "-62167219201"));
    assert_true(utc_is(253402300800, "253402300800"));
    assert_true(utc_is(INT64_MIN, "-9223372036854775808"));
    assert_true(utc_is(INT64_MAX, "9223372036854775807"));
}

TEST(agrees_with_gmtime_from_year_0_to_9999)
{
    for (int64_t day = -719528; day < 2932897; day += 97) {
        time_t seconds = (time_t)(day * 86400 + 3661);
        char shown[32], expected[64];
        struct tm tm;

        assert_non_null(gmtime_r(&seconds, &tm));
        assert_int_equal(strftime(shown, sizeof shown, "-%m-%dT%H:%M:%SZ", &tm), 16);
        snprintf(expected, sizeof expected, "%04d%s", tm.tm_year + 1900, shown);
        if (!utc_is(seconds, expected))
            fail_msg("%s", expected);
    }
}

/* NOLINTEND(misc-misleading-bidirectional) */
