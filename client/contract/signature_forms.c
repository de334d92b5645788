#include "contract/signature_forms.h"

#include "support/text.h"
#include <string.h>

/* A cut signature of fewer than 64 bits could match by chance. */
enum { CUT_BYTES_MIN = 8 };

/* The longest run of hex digits: `openssl dgst` prints "SHA2-256(stdin)= " before it and " *stdin"
 * after it. */
static struct span longest_hex_run(struct span text)
{
    struct span longest = { text.at, 0 };
    size_t run = 0;

    for (size_t i = 0; i < text.length; i++) {
        run = hex_value(text.at[i]) >= 0 ? run + 1 : 0;
        if (run > longest.length)
            longest = (struct span){ text.at + i + 1 - run, run };
    }
    return longest;
}

static size_t from_hex(unsigned char *out, size_t size, const struct span *text)
{
    struct span digits = longest_hex_run(*text);

    if (digits.length < (size_t)2 * CUT_BYTES_MIN || digits.length / 2 > size)
        return 0;
    for (size_t i = 0; i + 1 < digits.length; i += 2)
        out[i / 2] = (unsigned char)((unsigned)hex_value(digits.at[i]) << 4 |
                                     (unsigned)hex_value(digits.at[i + 1]));
    return digits.length / 2;
}

static size_t from_base64(unsigned char *out, size_t size, struct span text)
{
    size_t length = 0;

    if (base64url_decoded_max(text.length) > size)
        return 0;
    if (text.length > 0 && text.at[text.length - 1] == '\n')
        text.length--;
    if ((base64url_decode(out, &length, text.at, text.length) & BASE64URL_BROKEN) != 0)
        return 0;
    return length;
}

/* Bytes that were taken for ISO 8859-1 and encoded as UTF-8; 0 for plain ASCII. */
static size_t from_latin1_text(unsigned char *out, size_t size, const struct span *text)
{
    size_t written = 0;

    for (size_t i = 0; i < text->length; i++) {
        unsigned char c = (unsigned char)text->at[i];

        if (written == size)
            return 0;
        if (c >= 0x80U) {
            if ((c != 0xC2U && c != 0xC3U) || i + 1 == text->length ||
                ((unsigned char)text->at[i + 1] & 0xC0U) != 0x80U)
                return 0;
            c = (unsigned char)((c & 3U) << 6 | ((unsigned char)text->at[++i] & 0x3FU));
        }
        out[written++] = c;
    }
    return written < text->length ? written : 0;
}

void signature_forms_read(struct signature_forms *forms, const struct token_parts *parts)
{
    const size_t size = sizeof forms->at[0].bytes;
    const struct span *decoded = &parts->signature;
    struct span segment = parts->signature_segment;
    size_t *lengths[FORM_COUNT];
    unsigned char *bytes[FORM_COUNT];

    for (size_t i = 0; i < FORM_COUNT; i++) {
        bytes[i] = forms->at[i].bytes;
        lengths[i] = &forms->at[i].length;
        *lengths[i] = 0;
    }
    *lengths[FORM_HEX] = from_hex(bytes[FORM_HEX], size, decoded);
    if (*lengths[FORM_HEX] == 0)
        *lengths[FORM_HEX] = from_hex(bytes[FORM_HEX], size, &segment);
    *lengths[FORM_LATIN1_TEXT] = from_latin1_text(bytes[FORM_LATIN1_TEXT], size, decoded);
    *lengths[FORM_DOUBLE_ENCODED] = from_base64(bytes[FORM_DOUBLE_ENCODED], size, *decoded);
    if ((parts->signature_faults & BASE64URL_BROKEN) == 0) {
        if (decoded->length <= size) {
            memcpy(bytes[FORM_RAW], decoded->at, decoded->length);
            *lengths[FORM_RAW] = decoded->length;
        }
        return;
    }
    if (segment.length % 4 == 1)
        segment.length--; /* cut within a group of four: whole bytes precede the cut */
    *lengths[FORM_RAW] = from_base64(bytes[FORM_RAW], size, segment);
}

bool signature_forms_match(const struct signature_forms *forms, const unsigned char *mac,
                           size_t length, enum signature_form *form, bool *is_cut)
{
    for (size_t i = 0; i < FORM_COUNT; i++) {
        size_t have = forms->at[i].length;

        if (have < CUT_BYTES_MIN || have > length || !bytes_equal(forms->at[i].bytes, mac, have))
            continue;
        *form = (enum signature_form)i;
        *is_cut = have < length;
        return true;
    }
    return false;
}

enum signature_fit signature_forms_fit(const struct signature_forms *forms, size_t length)
{
    enum signature_fit fit = FIT_NONE;

    for (size_t i = 0; i < FORM_COUNT; i++) {
        size_t have = forms->at[i].length;

        if (have == length)
            return FIT_WHOLE;
        if (have >= CUT_BYTES_MIN && have < length)
            fit = FIT_CUT;
    }
    return fit;
}
