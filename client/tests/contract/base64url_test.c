/* The strict codec, and what it says of text that is not base64url. */
#include "contract/base64url.h"
#include "tests/unit.h"

/* RFC 4648 §10, without padding. */
TEST(encodes_and_decodes_the_rfc_examples)
{
    static const char *const examples[][2] = {
        { "", "" },
        { "f", "Zg" },
        { "fo", "Zm8" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg" },
        { "fooba", "Zm9vYmE" },
        { "foobar", "Zm9vYmFy" },
        { "\xFB\xFF", "-_8" },
    };

    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        char text[16];
        unsigned char bytes[16];
        size_t length = 0;

        base64url_encode(text, examples[i][0], strlen(examples[i][0]));
        assert_string_equal(text, examples[i][1]);
        assert_int_equal(base64url_encoded_length(strlen(examples[i][0])), strlen(text));
        assert_int_equal(base64url_decode(bytes, &length, text, strlen(text)), BASE64URL_OK);
        assert_int_equal(length, strlen(examples[i][0]));
        assert_memory_equal(bytes, examples[i][0], length);
    }
}

TEST(names_each_fault_and_still_decodes_what_can_be_understood)
{
    static const struct {
        const char *text;
        unsigned faults;
        size_t length;
    } rows[] = {
        { "Zg==", BASE64URL_PADDED, 1 },
        { "Zm8=", BASE64URL_PADDED, 2 },
        { "+/8", BASE64URL_STANDARD_ALPHABET, 2 },
        { "+/8=", BASE64URL_STANDARD_ALPHABET | BASE64URL_PADDED, 2 },
        { "Zh", BASE64URL_NON_CANONICAL, 1 },
        { "Zm9", BASE64URL_NON_CANONICAL, 2 },
        { "Z", BASE64URL_BROKEN, 0 },
        { "Zm9vY", BASE64URL_BROKEN, 0 },
        { "Zm 8", BASE64URL_BROKEN, 0 },
        { "Zm8\n", BASE64URL_BROKEN, 0 },
        { "Zg===", BASE64URL_BROKEN | BASE64URL_PADDED, 0 },
        { "Z=8A", BASE64URL_BROKEN, 0 },
        { "\xC3\xA9"
          "AA",
          BASE64URL_BROKEN, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char bytes[16];
        size_t length = 99;

        assert_int_equal(base64url_decode(bytes, &length, rows[i].text, strlen(rows[i].text)) &
                             (rows[i].faults | BASE64URL_BROKEN),
                         rows[i].faults);
        assert_int_equal(length, rows[i].length);
    }
}

TEST(never_writes_past_the_stated_room)
{
    for (size_t length = 0; length < 64; length++) {
        unsigned char bytes[64];
        char text[64];
        size_t written = 0;

        memset(text, 'A', sizeof text);
        (void)base64url_decode(bytes, &written, text, length);
        assert_true(written <= base64url_decoded_max(length));
    }
}
