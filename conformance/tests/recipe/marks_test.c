#include "tests/suite_test.h"

#include "recipe/marks.h"
#include "support/buf.h"

/* The mark as the @nth value of a run. */
static void value(char out[MARK_TEXT], struct marks *marks, const char *mark)
{
    struct case_marks of_case = { .run = marks };
    struct buf text;

    buf_init(&text, MARK_TEXT);
    marks_expand(&text, mark, strlen(mark), &of_case);
    (void)snprintf(out, MARK_TEXT, "%s", buf_text(&text));
    buf_fini(&text);
}

TEST(knows_the_values_of_its_run)
{
    struct marks marks;
    char text[MARK_TEXT];

    assert_true(marks_init(&marks));
    for (int i = 0; i < 250; i++) { /* more than one area code */
        value(text, &marks, "$email");
        assert_true(marks_made(&marks, text));
        value(text, &marks, "$phone");
        assert_true(marks_made(&marks, text));
    }
}

TEST(knows_them_in_another_form)
{
    struct marks marks;
    char text[MARK_TEXT];
    char other[2 * MARK_TEXT];

    assert_true(marks_init(&marks));
    value(text, &marks, "$email");
    (void)snprintf(other, sizeof other, "Copy of H%s", text + 1);
    assert_true(marks_made(&marks, other));
    *strchr(text, '@') = '\0';
    assert_true(marks_made(&marks, text));
    value(text, &marks, "$phone");
    (void)snprintf(other, sizeof other, "+%c (%.3s) %.3s-%s", text[0], text + 1, text + 4,
                   text + 7);
    assert_true(marks_made(&marks, other));
    assert_true(marks_made(&marks, text + 1));
    (void)snprintf(other, sizeof other, "900055501000%s", text);
    assert_true(marks_made(&marks, other));
}

TEST(does_not_claim_the_values_of_others)
{
    static const char *const texts[] = {
        "",       "ada@example.com", "hm-",          "14155550111",
        "555501", "1555501",         "100055501999", "hm-0-1@example.com"
    };
    struct marks marks;
    struct marks others;
    char text[MARK_TEXT];

    assert_true(marks_init(&marks) && marks_init(&others));
    marks.first_phone = 0;
    marks.phones = 5;
    others.phones = 40000;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(marks_made(&marks, texts[i]));
    value(text, &others, "$email");
    assert_false(marks_made(&marks, text));
    value(text, &others, "$phone");
    assert_false(marks_made(&marks, text));
}

TEST(finds_addresses_of_the_run_and_fictional_numbers)
{
    static const char text[] =
        "{\"a\":\"x+HM-deadbeef-12@Example.com\",\"b\":12025550199,c 12025550100 "
        "112025550100 120255501001 hm-00000000-1@example.com hm-deadbeef-1@example.org "
        "hm-deadbeef-7@example.com";
    static const char *const found[] = { "HM-deadbeef-12@Example.com", "12025550199", "12025550100",
                                         "hm-deadbeef-7@example.com" };
    const struct marks marks = { .run = "deadbeef" };
    const char *at = text;
    size_t length;
    size_t count = 0;

    while ((length = marks_find(&marks, &at, text + strlen(text))) > 0) {
        assert_in_range(count, 0, 3);
        assert_int_equal(length, strlen(found[count]));
        assert_memory_equal(at, found[count], length);
        at += length;
        count++;
    }
    assert_int_equal(count, 4);
}
