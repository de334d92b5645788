#include "contract/mask.h"

#include "contract/base64url.h"
#include "support/escape.h"
#include "tests/unit.h"
#include <jansson.h>

static const char key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK";

enum { TEXT_MOST = 512, ROUNDS = 4000 };

/* In pieces. NOLINTBEGIN(bugprone-suspicious-missing-comma) */
#define LONG_KEY                                                                                   \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab" \
    "cd"                                                                                           \
    "ef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef!!!!!!!!"

/* Keys of every awkward shape. */
static const char *const awkward_keys[] = {
    "8 chars!",
    "with a space, a comma; and: \"quotes\" . dots",
    "a\"b\\c/d'e`f$g%41h&i=j?k#l",
    "line\nfeed\ttab\rand\x01\x1F control",
    "del\x7F and \xC2\x80 more",
    "\xC3\xA4\xC3\xB6\xC3\xBC \xF0\x9F\x94\x91\xF0\x9F\x94\x91 \xE2\x82\xAC",
    "12345678901234567890",
    "99999999999999999999999999999999",
    "....................",
    "%25%25%25%2B+%20 plus + and",
    "\\\\\\\\\\\\\\\\\\\\u0041",
    "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ac",
    LONG_KEY, /* NOLINT(bugprone-suspicious-missing-comma): one literal in pieces */
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */
enum { AWKWARD = sizeof awkward_keys / sizeof awkward_keys[0], SPELLED_MOST = 4096 };

static void hex(char *out, const char *text, const char *format)
{
    for (; *text != '\0'; text++, out += 2)
        snprintf(out, 3, format, (unsigned char)*text);
}

typedef void spell_fn(char *out, const char *text);

static void spell_plain(char *out, const char *text)
{
    snprintf(out, SPELLED_MOST, "%s", text);
}

static void spell_upper(char *out, const char *text)
{
    for (; *text != '\0'; text++)
        *out++ = (char)(*text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
    *out = '\0';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void spell_percent(char *out, const char *text)
{
    *out = '\0';
    for (; *text != '\0'; text++)
        out += snprintf(out, 4, is_letter(*text) ? "%c" : "%%%02X", (unsigned char)*text);
}

static void spell_percent_all(char *out, const char *text)
{
    for (; *text != '\0'; text++)
        out += snprintf(out, 4, "%%%02x", (unsigned char)*text);
}

static void spell_form(char *out, const char *text)
{
    spell_percent(out, text);
    for (char *at = out; (at = strstr(at, "%20")) != NULL;) {
        *at++ = '+';
        memmove(at, at + 2, strlen(at + 2) + 1);
    }
}

static void spell_json(char *out, const char *text, size_t flags)
{
    json_t *string = json_string(text);
    char *dumped = json_dumps(string, JSON_ENCODE_ANY | flags);

    assert_non_null(dumped);
    dumped[strlen(dumped) - 1] = '\0';
    snprintf(out, SPELLED_MOST, "%s", dumped + 1);
    free(dumped);
    json_decref(string);
}

static void spell_json_plain(char *out, const char *text)
{
    spell_json(out, text, JSON_ESCAPE_SLASH);
}

static void spell_json_ascii(char *out, const char *text)
{
    spell_json(out, text, JSON_ENSURE_ASCII);
}

static void spell_json_twice(char *out, const char *text)
{
    char once[SPELLED_MOST];

    spell_json_plain(once, text);
    spell_json_plain(out, once);
}

static void spell_percent_twice(char *out, const char *text)
{
    char once[SPELLED_MOST];

    spell_percent(once, text);
    spell_percent(out, once);
}

static void spell_percent_of_json(char *out, const char *text)
{
    char once[SPELLED_MOST];

    spell_json_ascii(once, text);
    spell_percent(out, once);
}

static void spell_terminal(char *out, const char *text)
{
    struct buf escaped;

    buf_init(&escaped, SPELLED_MOST);
    escape_terminal(&escaped, text, strlen(text));
    snprintf(out, SPELLED_MOST, "%s", buf_text(&escaped));
    buf_fini(&escaped);
}

static void spell_hex(char *out, const char *text)
{
    hex(out, text, "%02x");
}

static void spell_hex_upper(char *out, const char *text)
{
    hex(out, text, "%02X");
}

static spell_fn *const spellings[] = {
    spell_plain,         spell_upper,           spell_percent,    spell_percent_all,
    spell_form,          spell_json_plain,      spell_json_ascii, spell_json_twice,
    spell_percent_twice, spell_percent_of_json, spell_terminal,   spell_hex,
    spell_hex_upper,
};

/* A key of a sandbox, which the mask does not know: nothing of what is secret in it is left. */
TEST(a_key_of_the_family_is_overwritten_by_every_mask)
{
    static const char *const unknown[] = { MASK_FAMILY "Cyj_ZUlAILzTxJ-JSpt4Uw",
                                           MASK_FAMILY "hU50A-nVtHTQWry_Nn4QyQ" };
    struct mask *without = mask_new_of(NULL, 0), *with_one = mask_new_of(unknown, 1);
    const struct masking maskings[] = { { .mask = without }, { .mask = with_one } };

    for (size_t i = 0; i < 2 * (sizeof spellings / sizeof spellings[0]); i++) {
        char text[SPELLED_MOST] = "<<", expected[SPELLED_MOST] = "<<";
        const size_t at = i / 2;

        spellings[at](text + 2, unknown[1]);
        memset(expected + 2, '*', strlen(text + 2));
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s", "<>");
        snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%s", "<>");
        mask_overwrite(&maskings[i % 2], text, strlen(text));
        assert_string_equal(text, expected);
    }
    for (size_t before = 0; before < 3; before++) {
        char clear[TEXT_MOST], text[TEXT_MOST];
        size_t left = 0;

        snprintf(clear, sizeof clear, "%.*s%s", (int)before, "::", unknown[1]);
        base64url_encode(text, clear, strlen(clear));
        mask_overwrite(&maskings[before % 2], text, strlen(text));
        for (const char *at = text; *at != '\0'; at++)
            left += *at != '*';
        assert_in_range(left, 0, 4); /* what the bytes before share with it */
    }
    mask_free(without);
    mask_free(with_one);
}

/* Exactly the key is overwritten, whatever it consists of and however it is written. */
TEST(an_awkward_key_is_overwritten_to_its_end)
{
    for (size_t i = 0; i < AWKWARD; i++) {
        struct mask *of_key = mask_new_of(&awkward_keys[i], 1);
        const struct masking masking = { .mask = of_key };

        for (size_t j = 0; j < sizeof spellings / sizeof spellings[0]; j++) {
            char text[SPELLED_MOST] = "<<", expected[SPELLED_MOST] = "<<";
            size_t length;

            spellings[j](text + 2, awkward_keys[i]);
            length = strlen(text + 2);
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s", "zz>>");
            memset(expected + 2, '*', length);
            snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%s", "zz>>");
            mask_overwrite(&masking, text, strlen(text));
            assert_string_equal(text, expected);
        }
        mask_free(of_key);
    }
}

/* All awkward keys at once, in base64 after other bytes: nothing that depends on the key is left.
 */
TEST(an_awkward_key_is_found_in_base64_to_its_end)
{
    struct mask *of_keys = mask_new_of(awkward_keys, AWKWARD);
    const struct masking masking = { .mask = of_keys };

    for (size_t i = 0; i < AWKWARD; i++) {
        for (size_t before = 0; before < 6; before++) {
            char text[SPELLED_MOST], bytes[SPELLED_MOST];
            size_t length = strlen(awkward_keys[i]), first = (before * 8 + 5) / 6;
            size_t end = (before + length) * 8 / 6;

            snprintf(bytes, sizeof bytes, "%.*s%s", (int)before, "ID||||", awkward_keys[i]);
            base64url_encode(text, bytes, before + length);
            for (size_t at = 0; before % 2 == 0 && text[at] != '\0'; at++)
                text[at] = (char)(text[at] == '-' ? '+' : text[at] == '_' ? '/' : text[at]);
            mask_overwrite(&masking, text, strlen(text));
            for (size_t at = first; at < end; at++)
                assert_int_equal(text[at], '*');
        }
    }
    mask_free(of_keys);
}

/* However long: at least its first 16 bytes, or 24 in a row from anywhere. */
TEST(a_piece_of_a_long_key_is_overwritten)
{
    static const char *const keys[] = { key };
    struct mask *of_key = mask_new_of(keys, 1);
    const struct masking masking = { .mask = of_key };
    char text[TEXT_MOST], expected[TEXT_MOST];

    for (size_t from = 0; from < sizeof key - 1; from++) {
        for (size_t end = from + 1; end < sizeof key; end++) {
            size_t length = end - from, least = from == 0 ? 16 : 24;

            if (length < least)
                continue;
            snprintf(text, sizeof text, "!!%.*s!!", (int)length, key + from);
            memset(expected, 0, sizeof expected);
            memcpy(expected, "!!", 2);
            memset(expected + 2, '*', length);
            snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%s", "!!");
            mask_overwrite(&masking, text, strlen(text));
            assert_string_equal(text, expected);
        }
    }
    mask_free(of_key);
}

/* A key may begin with another key, or be its middle. */
TEST(of_keys_within_keys_the_longest_is_overwritten)
{
    static const char *const keys[] = { "abcdefgh", "abcdefghij", "abcdefghijklmnopqrstuvwxyz",
                                        "klmnopqrst", "abcdefghijklmnop-other" };
    struct mask *of_keys = mask_new_of(keys, 5);
    const struct masking masking = { .mask = of_keys };
    char text[] = "abcdefgh! abcdefghi! abcdefghijk! abcdefghijklmnopqrst! abcdefghijklmnop-o!";

    mask_overwrite(&masking, text, strlen(text));
    assert_string_equal(
        text, "********! ********i! **********k! ********************! ******************!");
    mask_free(of_keys);
}

/* A slow search that is obviously right. */
static size_t first_place_of(char forms[][MASK_PREFIX_BYTES + 1], size_t count, const char *text,
                             size_t length)
{
    for (size_t at = 0; at < length; at++) {
        for (size_t i = 0; i < count; i++) {
            if (length - at >= strlen(forms[i]) &&
                memcmp(text + at, forms[i], strlen(forms[i])) == 0)
                return at;
        }
    }
    return length;
}

/* Numbers below @most that are the same in each run. */
static size_t number_below(size_t most)
{
    static uint64_t last = 6;

    last = last * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (size_t)(last >> 33) % most;
}

/* Keys of few letters, so that beginnings of one stand in another. */
TEST(a_search_finds_what_a_slow_one_finds)
{
    enum { KEYS = 12 };
    char keys[KEYS][MASK_PREFIX_BYTES + 1], text[TEXT_MOST];
    struct hm_secrets *many;
    struct masking masking = { 0 };
    struct mask *of_many;
    size_t found = 0;

    assert_int_equal(hm_secrets_new(&many, NULL), HM_OK);
    for (size_t i = 0; i < KEYS; i++) {
        size_t length = MASK_KEY_LEAST + number_below(MASK_PREFIX_BYTES + 1 - MASK_KEY_LEAST);

        for (size_t j = 0; j < length; j++)
            keys[i][j] = "gh"[number_below(2)];
        keys[i][length] = '\0';
        assert_int_equal(hm_secrets_add_legacy_key(many, keys[i], NULL), HM_OK);
    }
    of_many = mask_new(many);
    assert_non_null(of_many);
    masking.mask = of_many;
    for (int round = 0; round < ROUNDS; round++) {
        size_t length = number_below(TEXT_MOST), expected;
        struct mask_hit hit;

        for (size_t i = 0; i < length; i++)
            text[i] = "gh"[number_below(2)];
        expected = first_place_of(keys, KEYS, text, length);
        hit = mask_find(&masking, text, length, 0);
        assert_int_equal(hit.at, expected);
        assert_int_equal(hit.kind, expected < length ? MASK_KEY : MASK_NOTHING);
        found += expected < length;
    }
    assert_in_range(found, ROUNDS / 10, ROUNDS - 1);
    mask_free(of_many);
    hm_secrets_free(many);
}
