/* A signature's bytes, read in every way in which they may have been written down. */
#include "key_recovery.h"

#include <string.h>

/* A cut signature is believed from 64 bits on: chance does not make those. */
enum { CUT_BYTES_MIN = 8 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static size_t from_hex(unsigned char *out, size_t room, const struct span *text)
{
    if (text->length < (size_t)2 * CUT_BYTES_MIN || text->length / 2 > room)
        return 0;
    for (size_t i = 0; i + 1 < text->length; i += 2) {
        int high = hex_digit(text->at[i]);
        int low = hex_digit(text->at[i + 1]);

        if (high < 0 || low < 0)
            return 0;
        out[i / 2] = (unsigned char)(high << 4 | low);
    }
    return text->length / 2;
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
    forms->at[FORM_HEX].length = from_hex(forms->at[FORM_HEX].bytes, room, &segment);
    if (forms->at[FORM_HEX].length == 0) {
        struct span text = *decoded;

        if (text.length > 0 && text.at[text.length - 1] == '\n')
            text.length--;
        forms->at[FORM_HEX].length = from_hex(forms->at[FORM_HEX].bytes, room, &text);
    }
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
