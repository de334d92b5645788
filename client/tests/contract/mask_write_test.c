#include "contract/mask_write.h"
#include "tests/unit.h"

static const char key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK";

enum { TEXT_MOST = 512 };

TEST(a_key_of_digits_is_not_shown_as_a_number)
{
    static const char *const texts[] = { "12345678901234567890",  "-12345678901234567890",
                                         "912345678901234567890", "12345678901234567890123",
                                         "1234567890.1234567890", "12345678901234567890e-7" };
    static const char *const keys[] = { "12345678901234567890" };
    struct mask *of_keys = mask_new_of(keys, 1);
    const struct masking masking = { .mask = of_keys };

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
TEST(a_quotation_is_masked_before_it_is_cut)
{
    static const char *const keys[] = { key };
    struct mask *of_key = mask_new_of(keys, 1);
    const struct masking masking = { .mask = of_key };
    char text[TEXT_MOST];

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

/* A number keeps its digits although it has a point. */
TEST(a_key_like_a_fraction_is_not_shown_as_a_number)
{
    static const char *const keys[] = { "1234.5678", "12345678.90123456e+17" };
    static const char *const texts[] = { "1234.5678", "12345678.9012345" };
    struct mask *of_keys = mask_new_of(keys, 2);
    const struct masking masking = { .mask = of_keys };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *number = json_loads(texts[i], JSON_DECODE_ANY, NULL);
        struct span source = { texts[i], strlen(texts[i]) };
        size_t left = TEXT_MOST;
        struct buf out;

        assert_non_null(number);
        buf_init(&out, TEXT_MOST);
        assert_true(mask_write_value(&out, &masking, number, source, &left));
        assert_string_equal(buf_text(&out), "\"<known key>\"");
        buf_fini(&out);
        json_decref(number);
    }
    mask_free(of_keys);
}

/* Only the beginning of a long text is searched. A key that begins near the end of that part is
 * not recognised; what was masked before it must not make room for it. */
TEST(keys_before_a_cut_make_no_room_for_the_next)
{
    static char long_key[MASK_REACH - 4 + 1];
    const char *const keys[] = { key, long_key };
    struct masking masking = { .mask = NULL };
    struct mask *of_keys;

    memset(long_key, 'L', sizeof long_key - 1);
    of_keys = mask_new_of(keys, 2);
    masking.mask = of_keys;
    for (int before = 0; before < 100; before++) {
        char text[4 * MASK_REACH];
        struct span span = { text, 0 };

        span.length = (size_t)snprintf(text, sizeof text, "%s%0*d%s%0*d", long_key, before + 1, 0,
                                       key, 2 * MASK_REACH, 0);
        for (size_t most = 1; most < 100; most++) {
            struct buf out;

            buf_init(&out, sizeof text);
            assert_false(mask_write_text(&out, &masking, span, most, NULL));
            assert_null(strchr(buf_text(&out), 'c'));
            buf_fini(&out);
        }
    }
    mask_free(of_keys);
}
