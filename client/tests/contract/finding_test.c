/* Findings: one table, one order, messages that are safe to print. */
#include "tests/unit.h"

#include <heymarket/finding.h>

TEST(every_row_has_a_code_of_its_own_and_a_cure)
{
    for (size_t i = 0; i < HM_MISTAKE_COUNT; i++) {
        const struct hm_mistake_row *row = hm_mistake_row((enum hm_mistake)i);
        enum hm_mistake found;

        assert_true(strlen(row->code) < HM_MISTAKE_TEXT);
        assert_true(strlen(row->cure) > 5 && row->cure[strlen(row->cure) - 1] != '.');
        assert_true(hm_mistake_find(&found, row->clause, row->code));
        assert_int_equal(found, i);
    }
}

TEST(refusals_come_first_then_the_order_of_the_table)
{
    struct hm_findings findings = { .count = 0 };

    hm_findings_add(&findings, HM_J9_TYP_MISSING, "a");
    hm_findings_add(&findings, HM_J6_EXPIRED, "b");
    hm_findings_add_as(&findings, HM_J4_IAT_FRACTIONAL, HM_REFUSES, "c");
    hm_findings_add(&findings, HM_J6_EXPIRED, "said already");
    hm_findings_sort(&findings);
    assert_int_equal(findings.count, 3);
    assert_int_equal(findings.at[0].mistake, HM_J4_IAT_FRACTIONAL);
    assert_int_equal(findings.at[1].mistake, HM_J6_EXPIRED);
    assert_int_equal(findings.at[2].mistake, HM_J9_TYP_MISSING);
    assert_ptr_equal(hm_findings_refusal(&findings), &findings.at[0]);
}

TEST(a_message_is_what_was_found_and_then_the_cure)
{
    struct hm_findings findings = { .count = 0 };

    hm_findings_add(&findings, HM_J9_TYP_MISSING, "the token's header has no typ");
    assert_string_equal(findings.at[0].message,
                        "the token's header has no typ: set typ in the header to JWT");
}

TEST(a_message_escapes_what_a_terminal_would_obey)
{
    struct hm_findings findings = { .count = 0 };

    hm_findings_add(&findings, HM_J9_TYP_UNEXPECTED, "typ is \x1b[31m\xFF");
    assert_non_null(strstr(findings.at[0].message, "typ is \\x1B[31m\\xFF: "));
}

TEST(a_long_text_never_pushes_the_cure_out)
{
    struct hm_findings findings = { .count = 0 };
    char text[1000];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    hm_findings_add(&findings, HM_J6_EXPIRED, "%s", text);
    assert_true(strlen(findings.at[0].message) < HM_FINDING_TEXT);
    assert_non_null(strstr(findings.at[0].message, hm_mistake_row(HM_J6_EXPIRED)->cure));
}

TEST(a_full_list_keeps_the_first_ones)
{
    struct hm_findings findings = { .count = 0 };

    for (size_t i = 0; i < HM_FINDINGS_MAX + 3; i++)
        hm_findings_add(&findings, (enum hm_mistake)i, "x");
    assert_int_equal(findings.count, HM_FINDINGS_MAX);
    assert_int_equal(findings.at[0].mistake, 0);
}
