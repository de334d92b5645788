#include "contract/mask_write.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those before it. */
#include <cmocka.h>

static const char key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK";

enum { TEXT_MOST = 512 };

static void a_key_of_digits_is_not_shown_as_a_number(void **state)
{
    static const char *const texts[] = { "12345678901234567890",  "-12345678901234567890",
                                         "912345678901234567890", "12345678901234567890123",
                                         "1234567890.1234567890", "12345678901234567890e-7" };
    static const char *const keys[] = { "12345678901234567890" };
    struct mask *of_keys = mask_new_of(keys, 1);
    const struct masking masking = { .mask = of_keys };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *number = json_loads(texts[i], JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
        struct span source = { texts[i], strlen(texts[i]) };
        size_t left = TEXT_MOST;
        struct buf out;

        assert_non_null(number);
        buf_init(&out, TEXT_MOST);
        assert_true(mask_write_value(&out, &masking, number, source, &left));
        assert_null(strstr(buf_text(&out), "1234"));
        assert_non_null(strchr(buf_text(&out), '<'));
        buf_fini(&out);
        json_decref(number);
    }
    mask_free(of_keys);
}

/* What is cut afterwards shows nothing of a key that began before the cut. */
static void a_quotation_is_masked_before_it_is_cut(void **state)
{
    static const char *const keys[] = { key };
    struct mask *of_key = mask_new_of(keys, 1);
    const struct masking masking = { .mask = of_key };
    char text[TEXT_MOST];

    (void)state;
    for (int before = 0; before < QUOTED_BYTES_MAX + 4; before++) {
        struct quoted shown;

        snprintf(text, sizeof text, "%.*s%s and more and more and more", before,
                 "............................................", key);
        shown = mask_quoted(&masking, text, strlen(text));
        assert_null(strchr(shown.text, 'c'));
        assert_null(strchr(shown.text, 'P'));
    }
    mask_free(of_key);
    assert_string_equal(mask_quoted(NULL, "plain", 5).text, "\"plain\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_of_digits_is_not_shown_as_a_number),
        cmocka_unit_test(a_quotation_is_masked_before_it_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
