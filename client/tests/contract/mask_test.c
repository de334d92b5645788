#include "contract/mask.h"

#include "contract/base64url.h"
#include "tests/unit.h"

static const char key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK", short_key[] = "k3y->?~!";

enum { TEXT_MOST = 512 };

static struct hm_secrets *secrets;
static struct mask *mask;

static int all_make(void **state)
{
    if (hm_secrets_new(&secrets, NULL) != HM_OK ||
        hm_secrets_add(secrets, "an-id", key, NULL) != HM_OK ||
        hm_secrets_add(secrets, "another", "tiny", NULL) != HM_OK ||
        hm_secrets_add_legacy_key(secrets, short_key, NULL) != HM_OK)
        return -1;
    mask = mask_new(secrets);
    return mask == NULL ? -1 : 0;
}

static int all_free(void **state)
{
    mask_free(mask);
    hm_secrets_free(secrets);
    return 0;
}

static struct mask_hit find(const char *text)
{
    const struct masking masking = { .mask = mask };

    return mask_find(&masking, text, strlen(text), 0);
}

static void hex(char *out, const char *text, const char *format)
{
    for (; *text != '\0'; text++, out += 2)
        snprintf(out, 3, format, (unsigned char)*text);
}

/* Base64 of the key after @before other bytes and before some more. */
static void base64(char *out, const char *of, size_t before, bool is_standard)
{
    char bytes[TEXT_MOST];
    int length = snprintf(bytes, sizeof bytes, "%.*s%s and more", (int)before, "ID||", of);

    base64url_encode(out, bytes, (size_t)length);
    for (; is_standard && *out != '\0'; out++) {
        if (*out == '-')
            *out = '+';
        else if (*out == '_')
            *out = '/';
    }
}

TEST(a_key_is_found_as_it_is_in_hex_and_in_base64)
{
    const char *keys[] = { key, short_key };
    char text[TEXT_MOST];

    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(find(keys[i]).kind, MASK_KEY);
        hex(text, keys[i], "%02x");
        assert_int_equal(find(text).kind, MASK_KEY);
        hex(text, keys[i], "%02X");
        assert_int_equal(find(text).kind, MASK_KEY);
        for (size_t before = 0; before < 5; before++) {
            base64(text, keys[i], before, false);
            assert_int_equal(find(text).kind, MASK_KEY);
            base64(text, keys[i], before, true);
            assert_int_equal(find(text).kind, MASK_KEY);
        }
    }
}

TEST(what_is_cut_after_the_beginning_is_found_too)
{
    const struct masking masking = { .mask = mask };
    char text[TEXT_MOST];

    assert_int_equal(mask_find(&masking, key, MASK_PREFIX_BYTES, 0).kind, MASK_KEY);
    assert_int_equal(mask_find(&masking, key, MASK_PREFIX_BYTES - 1, 0).kind, MASK_NOTHING);
    hex(text, key, "%02x");
    assert_int_equal(mask_find(&masking, text, MASK_PREFIX_BYTES, 0).kind, MASK_KEY);
    base64(text, key, 0, false);
    assert_int_equal(mask_find(&masking, text, MASK_PREFIX_BYTES, 0).kind, MASK_KEY);
}

TEST(nothing_of_it_is_left_and_all_of_the_rest)
{
    const struct masking masking = { .mask = mask };
    char text[TEXT_MOST] = "say: ", expected[TEXT_MOST] = "say: ";

    hex(text + 5, key, "%02x");
    memset(expected + 5, '*', strlen(text) - 5);
    strncat(text, "; and no more", TEXT_MOST / 2);
    strncat(expected, "; and no more", TEXT_MOST / 2);
    mask_overwrite(&masking, text, strlen(text));
    assert_string_equal(text, expected);
}

/* A client may send anything as a signature, and a world may have any key. */
TEST(what_begins_with_a_space_is_overwritten_too)
{
    static const char value[] = "Bearer a.b. /v2/contact/ada0ada0";
    char text[] = "there is no path  /v2/contact/ada0ada0 here", with_key[] = "a = \"  a key \";";
    struct masking masking = { .mask = mask };
    struct hm_secrets *spaces = NULL;
    struct mask *of_spaces;

    masking_take_signature(&masking, value, sizeof value - 1);
    mask_overwrite(&masking, text, strlen(text));
    assert_string_equal(text, "there is no path ********************* here");
    assert_int_equal(hm_secrets_new(&spaces, NULL), HM_OK);
    assert_int_equal(hm_secrets_add(spaces, "id", "  a key ", NULL), HM_OK);
    of_spaces = mask_new(spaces);
    masking = (struct masking){ .mask = of_spaces };
    mask_overwrite(&masking, with_key, strlen(with_key));
    mask_free(of_spaces);
    hm_secrets_free(spaces);
    assert_string_equal(with_key, "a = \"********\";");
}

TEST(ordinary_words_are_left_alone)
{
    static const char *const texts[] = {
        "",
        "tiny",
        "tinytinytinytiny",
        "{\"channel_type\":\"phone\",\"channel_id\":\"14155551234\"}",
        "ada0ada0-1815-4000-8000-00000000ada0",
        "cPQku7lnSLbnK88",
        "eyJ.no.token.eyJhbGciOi",
        "signatureS",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(find(texts[i]).kind, MASK_NOTHING);
}

TEST(the_first_one_of_any_kind_is_found)
{
    static const char authorization[] = "Bearer a.b.signatureSIGNATURE";
    struct masking masking = { .mask = mask };
    char text[4 * TEXT_MOST];
    struct mask_hit hit;

    masking_take_signature(&masking, authorization, sizeof authorization - 1);
    memset(text, '.', sizeof text);
    memcpy(text + 1500, key, sizeof key - 1);
    hit = mask_find(&masking, text, sizeof text, 0);
    assert_int_equal(hit.kind, MASK_KEY);
    assert_int_equal(hit.at, 1500);
    assert_int_equal(hit.length, sizeof key - 1);
    memcpy(text + 1400, "eyJhbGciOiJI.eyJhbGciOiJI.abc", 29);
    hit = mask_find(&masking, text, sizeof text, 0);
    assert_int_equal(hit.kind, MASK_TOKEN);
    assert_int_equal(hit.at, 1400);
    assert_int_equal(hit.length, 29);
    memcpy(text + 1020, "signatureSIGNATURE", 18);
    hit = mask_find(&masking, text, sizeof text, 0);
    assert_int_equal(hit.kind, MASK_SIGNATURE);
    assert_int_equal(hit.at, 1020);
    assert_int_equal(hit.length, 18);
    hit = mask_find(&masking, text, sizeof text, hit.at + hit.length);
    assert_int_equal(hit.at, 1400);
}

/* A server may quote only the end of the token that it got. */
TEST(a_signature_is_found_by_its_middle_and_end)
{
    static const char value[] = "a.b.mJppNGJbf7laLPCkHKDEt3mFfNbBF5mw2sKyW_9-4co";
    const char *signature = value + 4;
    struct masking masking = { .mask = NULL };

    masking_take_signature(&masking, value, sizeof value - 1);
    for (size_t from = 0; from + 24 <= strlen(signature); from++) {
        char text[TEXT_MOST];
        int length = snprintf(text, sizeof text, "it ends with %.24s!", signature + from);
        struct mask_hit hit = mask_find(&masking, text, (size_t)length, 0);

        assert_int_equal(hit.kind, MASK_SIGNATURE);
        assert_int_equal(hit.at, 13);
        assert_int_equal(hit.length, 24);
    }
}

static struct mask *after(struct mask *made, struct mask *earlier)
{
    struct mask *both = mask_new_after(made, earlier);

    assert_non_null(both);
    mask_free(made);
    mask_free(earlier);
    return both;
}

/* The set before is always known, one before that only as long as somebody holds its keys. */
TEST(earlier_keys_stay_known_while_they_are_held)
{
    static const char *const keys[] = { "first-key-000000", "second-key-11111", "third-key-222222",
                                        "fourth-key-33333" };
    struct mask *present = mask_new_of(keys, 1);
    struct mask_keys *held = mask_keys_hold(present);
    struct masking masking = { .mask = NULL };

    present = after(mask_new_of(keys + 1, 1), present);
    present = after(mask_new_of(keys + 1, 1), present); /* the same again */
    present = after(mask_new_of(keys + 2, 1), present);
    masking.mask = present;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mask_find(&masking, keys[i], strlen(keys[i]), 0).kind, MASK_KEY);
    mask_keys_release(held);
    present = after(mask_new_of(keys + 3, 1), present);
    masking.mask = present;
    assert_true(mask_is_clean(&masking, keys[0], strlen(keys[0])));
    assert_true(mask_is_clean(&masking, keys[1], strlen(keys[1])));
    assert_false(mask_is_clean(&masking, keys[2], strlen(keys[2])));
    assert_false(mask_is_clean(&masking, keys[3], strlen(keys[3])));
    mask_free(present);
}

/* Without a known key, too. */
TEST(words_are_found_alone_and_from_their_beginning)
{
    static const char value[] = "Bearer eyJhbGciOiJIUzI1NiJ9 . eyJpc3MiOiI3NGY4In0.short,"
                                "\"abcdefghijklmnop-_123\"";
    struct span words[4];
    struct masking masking = { .mask = NULL };
    char text[] = "a eyJpc3MiOiI3NGY4In0+abcdefghijklmnop, abcdefghijklmno, eyJhbGciOiJIUzI1NiJ9 "
                  "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK abcdefghijklmnop-_1234";

    masking.word_count = mask_words_of(words, 4, value);
    masking.words = words;
    assert_int_equal(masking.word_count, 3);
    assert_int_equal(mask_words_of(words, 1, value), 3);
    mask_overwrite(&masking, text, strlen(text));
    assert_string_equal(text, "a *******************+****************, abcdefghijklmno, "
                              "******************** cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK "
                              "*********************4");
}

ALL_TESTS_WITHIN(all_make, all_free)
