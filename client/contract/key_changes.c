#include "contract/key_changes.h"

#include "contract/hmac.h"
#include "support/text.h"
#include <stdint.h>

size_t change_case(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t until = (how & CASE_ID_ONLY) != 0 ? id_length(in, length) : length;
    bool is_to_upper = (how & CASE_UPPER) != 0;
    bool is_changed = false;

    for (size_t i = 0; i < length; i++) {
        out[i] = in[i];
        if (i < until && (is_to_upper ? is_lower(in[i]) : is_upper(in[i]))) {
            out[i] ^= 0x20U;
            is_changed = true;
        }
    }
    return is_changed ? length : 0;
}

size_t id_without_hyphens(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t until = id_length(in, length);
    size_t written = 0;

    (void)how;
    for (size_t i = 0; i < length; i++) {
        if (i >= until || in[i] != '-')
            out[written++] = in[i];
    }
    return written < length ? written : 0;
}

size_t percent_encode(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    static const char *const kept[] = { "-_.!~*'()", "-_.~/", "-_.~$&+=:@", "-_." };
    static const char digits[] = "0123456789ABCDEF";
    size_t written = 0;

    if (length > KEY_BYTES_MAX / 3)
        return 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = in[i];

        if (is_upper(c) || is_lower(c) || is_digit(c) ||
            (c != '\0' && strchr(kept[how], c) != NULL)) {
            out[written++] = c;
        } else if (how == PERCENT_FORM && c == ' ') {
            out[written++] = '+';
        } else {
            out[written++] = '%';
            out[written++] = (unsigned char)digits[c >> 4];
            out[written++] = (unsigned char)digits[c & 15U];
        }
    }
    return written > length ? written : 0;
}

size_t percent_decode(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t written = 0;
    bool is_changed = false;

    for (size_t i = 0; i < length; i++) {
        int high = i + 2 < length ? hex_value((char)in[i + 1]) : -1;
        int low = i + 2 < length ? hex_value((char)in[i + 2]) : -1;

        out[written] = in[i];
        if (in[i] == '%' && high >= 0 && low >= 0) {
            out[written] = (unsigned char)(high << 4 | low);
            i += 2;
            is_changed = true;
        } else if (how == PERCENT_FORM && in[i] == '+') {
            out[written] = ' ';
            is_changed = true;
        }
        written++;
    }
    return is_changed ? written : 0;
}

size_t backslash_escape(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    const char *escaped = how == ESCAPE_SLASHES ? "/" : "|-.+*?()[]{}^$\\#";
    size_t written = 0;

    if (length > KEY_BYTES_MAX / 2)
        return 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = in[i];
        bool is_plain = is_upper(c) || is_lower(c) || is_digit(c) || c == '_' || c >= 0x80U;

        if (how == ESCAPE_ALL ? !is_plain : c != '\0' && strchr(escaped, c) != NULL)
            out[written++] = '\\';
        out[written++] = c;
    }
    return written > length ? written : 0;
}

/* The code point at @in, and how many bytes it takes; 0 bytes: not UTF-8. Over-long forms and
 * surrogates are read, too. */
static uint32_t code_point(const unsigned char *in, size_t length, size_t *taken)
{
    static const unsigned char first_bits[] = { 0, 0x7FU, 0x1FU, 0x0FU, 0x07U };
    size_t need = in[0] < 0x80U              ? 1
                  : (in[0] & 0xE0U) == 0xC0U ? 2
                  : (in[0] & 0xF0U) == 0xE0U ? 3
                  : (in[0] & 0xF8U) == 0xF0U ? 4
                                             : 0;
    uint32_t value;

    *taken = 0;
    if (need == 0 || need > length)
        return 0;
    value = in[0] & first_bits[need];
    for (size_t i = 1; i < need; i++) {
        if ((in[i] & 0xC0U) != 0x80U)
            return 0;
        value = value << 6 | (in[i] & 0x3FU);
    }
    *taken = need;
    return value;
}

/* A unit of UTF-16, or of UTF-32 with WIDE_32. */
static size_t put_unit(unsigned char *out, uint32_t unit, int how)
{
    size_t bytes = (how & WIDE_32) != 0 ? 4 : 2;

    for (size_t i = 0; i < bytes; i++)
        out[(how & WIDE_BIG) != 0 ? bytes - 1 - i : i] = (unsigned char)(unit >> (8 * i) & 0xFFU);
    return bytes;
}

static size_t put_mark(unsigned char *out, int how)
{
    static const unsigned char replaced[] = "\xEF\xBF\xBD\xEF\xBF\xBD";

    if ((how & WIDE_READ) == 0)
        return put_unit(out, 0xFEFFU, how);
    memcpy(out, replaced, sizeof replaced - 1);
    return sizeof replaced - 1;
}

size_t to_wide(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t written = 0;
    size_t taken = 0;

    if (length > KEY_BYTES_MAX / 4 - 2)
        return 0;
    if ((how & WIDE_MARK) != 0)
        written = put_mark(out, how);
    for (size_t i = 0; i < length; i += taken) {
        uint32_t value = code_point(in + i, length - i, &taken);

        if (taken == 0)
            return 0;
        if (value >= 0x10000U && (how & WIDE_32) == 0) {
            written += put_unit(out + written, 0xD800U + ((value - 0x10000U) >> 10), how);
            value = 0xDC00U + ((value - 0x10000U) & 0x3FFU);
        }
        written += put_unit(out + written, value, how);
    }
    if ((how & WIDE_BASE64) != 0) {
        unsigned char wide[KEY_BYTES_MAX];
        size_t encoded;

        memcpy(wide, out, written);
        encoded = base64_encode(out, wide, written, BASE64_PADDED);
        bytes_wipe(wide, written);
        return encoded;
    }
    return written;
}

size_t to_single_bytes(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t written = 0;
    size_t taken = 0;

    for (size_t i = 0; i < length; i += taken) {
        uint32_t value = code_point(in + i, length - i, &taken);

        if (taken == 0)
            return 0;
        out[written++] = (unsigned char)(how == BYTES_ASCII && value > 0x7FU ? '?' : value & 0xFFU);
    }
    return written < length ? written : 0;
}

size_t utf8_twice(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t written = 0;

    (void)how;
    if (length > KEY_BYTES_MAX / 2)
        return 0;
    for (size_t i = 0; i < length; i++) {
        if (in[i] >= 0x80U) {
            out[written++] = (unsigned char)(0xC0U | in[i] >> 6);
            out[written++] = (unsigned char)(0x80U | (in[i] & 0x3FU));
        } else {
            out[written++] = in[i];
        }
    }
    return written > length ? written : 0;
}

size_t unicode_escape(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    unsigned char units[KEY_BYTES_MAX];
    size_t bytes = to_wide(units, in, length, WIDE_BIG);
    size_t written = 0;

    (void)how;
    if (bytes > KEY_BYTES_MAX / 3)
        return 0;
    for (size_t i = 0; i < bytes; i += 2) {
        if (units[i] == 0 && units[i + 1] < 0x80U) {
            out[written++] = units[i + 1];
            continue;
        }
        out[written++] = '\\';
        out[written++] = 'u';
        written += hex_encode(out + written, units + i, 2, HEX_LOWER);
    }
    return written > bytes / 2 ? written : 0;
}

size_t json_string_of(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    unsigned char escaped[KEY_BYTES_MAX];
    size_t written = unicode_escape(escaped, in, length, how);

    if (written == 0 || written + 2 > KEY_BYTES_MAX)
        return 0; /* without a character to escape it is ID||KEY in quotes, a wrap */
    out[0] = '"';
    memcpy(out + 1, escaped, written);
    out[written + 1] = '"';
    return written + 2;
}

/* Bytes at @in that are one well-formed UTF-8 sequence; if they are not, those that one U+FFFD
 * replaces (WHATWG Encoding, section 4.1). */
static size_t readable(const unsigned char *in, size_t length, bool *is_good)
{
    size_t taken = 0;
    size_t need = in[0] < 0xC2U || in[0] > 0xF4U ? 1 : in[0] < 0xE0U ? 2 : in[0] < 0xF0U ? 3 : 4;
    unsigned char least = in[0] == 0xE0U ? 0xA0U : in[0] == 0xF0U ? 0x90U : 0x80U;
    unsigned char most = in[0] == 0xEDU ? 0x9FU : in[0] == 0xF4U ? 0x8FU : 0xBFU;

    *is_good = in[0] < 0x80U || need > 1;
    for (taken = 1; taken < need; taken++) {
        if (taken == length || in[taken] < least || in[taken] > most) {
            *is_good = false;
            break;
        }
        least = 0x80U;
        most = 0xBFU;
    }
    return taken;
}

size_t base64_decode_text(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    unsigned char bytes[KEY_BYTES_MAX];
    size_t count = base64_decode(bytes, in, length, BASE64_URL_TOO | BASE64_DROPPING);
    size_t written = 0;
    size_t taken = 0;

    if (how == TEXT_LATIN1)
        return utf8_twice(out, bytes, count, 0);
    for (size_t i = 0; i < count; i += taken) {
        bool is_good;

        taken = readable(bytes + i, count - i, &is_good);
        if (written + 4 > KEY_BYTES_MAX)
            return 0;
        memcpy(out + written, is_good ? bytes + i : (const unsigned char *)"\xEF\xBF\xBD",
               is_good ? taken : 3);
        written += is_good ? taken : 3;
    }
    return written;
}

size_t nul_at_end(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    (void)how;
    if (length + 1 > KEY_BYTES_MAX)
        return 0;
    memcpy(out, in, length);
    out[length] = '\0';
    return length + 1;
}

size_t first_bytes(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t kept = (size_t)how;

    if (length <= kept)
        return 0;
    memcpy(out, in, kept);
    return kept;
}
