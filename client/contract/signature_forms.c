/* A signature's bytes, read in every way in which they may have been written down. */
#include "contract/key_recovery.h"

#include "support/text.h"
#include <string.h>

/* A cut signature is believed from 64 bits on: chance does not make those. */
enum { CUT_BYTES_MIN = 8 };

/* The longest run of hex digits: `openssl dgst` prints "SHA2-256(stdin)= " before it and " *stdin"
 * behind. */
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

static size_t from_hex(unsigned char *out, size_t room, const struct span *text)
{
    struct span digits = longest_hex_run(*text);

    if (digits.length < (size_t)2 * CUT_BYTES_MIN || digits.length / 2 > room)
        return 0;
    for (size_t i = 0; i + 1 < digits.length; i += 2)
        out[i / 2] = (unsigned char)((unsigned)hex_value(digits.at[i]) << 4 |
                                     (unsigned)hex_value(digits.at[i + 1]));
    return digits.length / 2;
}

static size_t from_base64(unsigned char *out, size_t room, struct span text)
{
    size_t length = 0;

    if (base64url_decoded_max(text.length) > room)
        return 0;
    if (text.length > 0 && text.at[text.length - 1] == '\n')
        text.length--;
    if ((base64url_decode(out, &length, text.at, text.length) & BASE64URL_BROKEN) != 0)
        return 0;
    return length;
}

/* Bytes that were taken for Latin-1 letters and written as UTF-8; plain ASCII is no such text. */
static size_t from_latin1_text(unsigned char *out, size_t room, const struct span *text)
{
    size_t written = 0;

    for (size_t i = 0; i < text->length; i++) {
        unsigned char c = (unsigned char)text->at[i];

        if (written == room)
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

/* A segment cut within a group of four still holds whole bytes before the cut. */
static size_t from_cut_segment(unsigned char *out, size_t room, struct span text)
{
    if (text.length % 4 == 1)
        text.length--;
    return from_base64(out, room, text);
}

void signature_forms_read(struct signature_forms *forms, const struct token_parts *parts)
{
    const size_t room = sizeof forms->at[0].bytes;
    const struct span *decoded = &parts->signature;
    struct span segment = parts->signature_segment;

    for (size_t i = 0; i < FORM_COUNT; i++)
        forms->at[i].length = 0;
    if ((parts->signature_faults & BASE64URL_BROKEN) != 0) {
        forms->at[FORM_RAW].length = from_cut_segment(forms->at[FORM_RAW].bytes, room, segment);
    } else if (decoded->length <= room) {
        memcpy(forms->at[FORM_RAW].bytes, decoded->at, decoded->length);
        forms->at[FORM_RAW].length = decoded->length;
    }
    forms->at[FORM_HEX].length = from_hex(forms->at[FORM_HEX].bytes, room, decoded);
    if (forms->at[FORM_HEX].length == 0)
        forms->at[FORM_HEX].length = from_hex(forms->at[FORM_HEX].bytes, room, &segment);
    forms->at[FORM_LATIN1_TEXT].length =
        from_latin1_text(forms->at[FORM_LATIN1_TEXT].bytes, room, decoded);
    forms->at[FORM_DOUBLE_ENCODED].length =
        from_base64(forms->at[FORM_DOUBLE_ENCODED].bytes, room, *decoded);
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
