#include "support/span.h"
#include "tests/unit.h"

static struct span span_of(const char *text)
{
    return (struct span){ text, strlen(text) };
}

TEST(white_space_is_trimmed_at_both_ends)
{
    assert_true(span_is(span_trim(span_of(" \t\r\n\v\fa b\n ")), "a b"));
    assert_true(span_is(span_trim(span_of("a")), "a"));
    assert_int_equal(span_trim(span_of(" \n ")).length, 0);
    assert_int_equal(span_trim(span_of("")).length, 0);
    assert_true(span_is(span_trim_ows(span_of("\t a\n \t")), "a\n"));
    assert_int_equal(span_trim_ows(span_of(" \t")).length, 0);
}

TEST(words_are_compared_whole)
{
    assert_true(span_is(span_of("Bearer"), "Bearer"));
    assert_false(span_is(span_of("Bearer "), "Bearer"));
    assert_false(span_is(span_of("Beare"), "Bearer"));
    assert_false(span_is(span_of("bearer"), "Bearer"));
    assert_true(span_is(span_of(""), ""));
}

TEST(only_ascii_letters_have_a_case)
{
    assert_true(span_is_nocase(span_of("bEARER"), "Bearer"));
    assert_false(span_is_nocase(span_of("[]"), "{}")); /* differ in the same bit as letters do */
    assert_false(span_is_nocase(span_of("\xC3\xA4"), "\xC3\x84"));
    assert_false(span_is_nocase(span_of("Bearers"), "Bearer"));
}

TEST(starts_may_be_the_whole_text_and_no_more)
{
    struct span cut = { "bearer", 3 };

    assert_true(span_starts(span_of("eyJ."), "eyJ"));
    assert_true(span_starts(span_of("eyJ"), "eyJ"));
    assert_false(span_starts(span_of("ey"), "eyJ"));
    assert_false(span_starts(cut, "bearer"));
    assert_true(span_starts_nocase(span_of("AUTHORIZATION: x"), "Authorization:"));
    assert_false(span_starts_nocase(cut, "Bearer"));
    assert_true(span_is(span_skip(span_of("Bearer x"), 7), "x"));
}
