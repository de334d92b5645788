/* Letters, URLs, JSON and character encodings. */
#include "contract/key_changes.h"

#include "contract/key_letters.h"
#include "support/text.h"
#include <stdint.h>
#include <string.h>

static size_t change_case(unsigned char *out, const unsigned char *in, size_t length, size_t until,
                          bool is_to_upper)
{
    bool is_changed = false;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = in[i];

        if (i < until && (is_to_upper ? is_lower(c) : is_upper(c)))
            c ^= 0x20U;
        is_changed = is_changed || c != in[i];
        out[i] = c;
    }
    return is_changed ? length : 0;
}

size_t to_upper(unsigned char *out, const unsigned char *in, size_t length)
{
    return change_case(out, in, length, length, true);
}

size_t to_lower(unsigned char *out, const unsigned char *in, size_t length)
{
    return change_case(out, in, length, length, false);
}

size_t upper_id(unsigned char *out, const unsigned char *in, size_t length)
{
    return change_case(out, in, length, id_length(in, length), true);
}

size_t lower_id(unsigned char *out, const unsigned char *in, size_t length)
{
    return change_case(out, in, length, id_length(in, length), false);
}

size_t without_hyphens_id(unsigned char *out, const unsigned char *in, size_t length)
{
    size_t until = id_length(in, length);
    size_t written = 0;

    for (size_t i = 0; i < length; i++) {
        if (i >= until || in[i] != '-')
            out[written++] = in[i];
    }
    return written < length ? written : 0;
}

static size_t to_percent(unsigned char *out, const unsigned char *in, size_t length,
                         const char *kept, bool is_form)
{
    size_t written = 0;

    if (length > KEY_BYTES_MAX / 3)
        return 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = in[i];

        if (is_upper(c) || is_lower(c) || is_digit(c) || (c != '\0' && strchr(kept, c) != NULL)) {
            out[written++] = c;
        } else if (is_form && c == ' ') {
            out[written++] = '+';
        } else {
            out[written++] = '%';
            out[written++] = (unsigned char)DIGITS_UPPER[c >> 4];
            out[written++] = (unsigned char)DIGITS_UPPER[c & 15U];
        }
    }
    return written > length ? written : 0;
}

size_t percent_upper(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_percent(out, in, length, "-_.!~*'()", false);
}

size_t percent_quote(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_percent(out, in, length, "-_.~/", false);
}

size_t percent_path(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_percent(out, in, length, "-_.~$&+=:@", false);
}

size_t percent_form(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_percent(out, in, length, "-_.", true);
}

static size_t from_percent(unsigned char *out, const unsigned char *in, size_t length, bool is_form)
{
    size_t written = 0;
    bool is_changed = false;

    for (size_t i = 0; i < length; i++) {
        if (in[i] == '%' && i + 2 < length && hex_value((char)in[i + 1]) >= 0 &&
            hex_value((char)in[i + 2]) >= 0) {
            out[written++] =
                (unsigned char)(hex_value((char)in[i + 1]) << 4 | hex_value((char)in[i + 2]));
            i += 2;
            is_changed = true;
        } else if (is_form && in[i] == '+') {
            out[written++] = ' ';
            is_changed = true;
        } else {
            out[written++] = in[i];
        }
    }
    return is_changed ? written : 0;
}

size_t percent_decode(unsigned char *out, const unsigned char *in, size_t length)
{
    return from_percent(out, in, length, false);
}

size_t percent_decode_form(unsigned char *out, const unsigned char *in, size_t length)
{
    return from_percent(out, in, length, true);
}

/* A backslash before each of @escaped; NULL: before all that is no letter, digit or underscore. */
static size_t escape(unsigned char *out, const unsigned char *in, size_t length,
                     const char *escaped)
{
    size_t written = 0;

    if (length > KEY_BYTES_MAX / 2)
        return 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = in[i];
        bool is_plain = is_upper(c) || is_lower(c) || is_digit(c) || c == '_' || c >= 0x80U;

        if (escaped != NULL ? c != '\0' && strchr(escaped, c) != NULL : !is_plain)
            out[written++] = '\\';
        out[written++] = c;
    }
    return written > length ? written : 0;
}

size_t escape_slashes(unsigned char *out, const unsigned char *in, size_t length)
{
    return escape(out, in, length, "/");
}

size_t escape_all(unsigned char *out, const unsigned char *in, size_t length)
{
    return escape(out, in, length, NULL);
}

size_t escape_regexp(unsigned char *out, const unsigned char *in, size_t length)
{
    return escape(out, in, length, "|-.+*?()[]{}^$\\#");
}

/* The code point at @in, and how many bytes it takes; 0 bytes: not UTF-8. */
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

static size_t put_unit(unsigned char *out, uint32_t unit, bool is_little)
{
    out[is_little ? 0 : 1] = (unsigned char)(unit & 0xFFU);
    out[is_little ? 1 : 0] = (unsigned char)(unit >> 8 & 0xFFU);
    return 2;
}

static size_t to_utf16(unsigned char *out, const unsigned char *in, size_t length, bool is_little)
{
    size_t written = 0;
    size_t taken = 0;

    if (length > KEY_BYTES_MAX / 2)
        return 0;
    for (size_t i = 0; i < length; i += taken) {
        uint32_t value = code_point(in + i, length - i, &taken);

        if (taken == 0)
            return 0;
        if (value >= 0x10000U) {
            written += put_unit(out + written, 0xD800U + ((value - 0x10000U) >> 10), is_little);
            value = 0xDC00U + ((value - 0x10000U) & 0x3FFU);
        }
        written += put_unit(out + written, value, is_little);
    }
    return written;
}

size_t utf16_little(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_utf16(out, in, length, true);
}

size_t utf16_big(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_utf16(out, in, length, false);
}

/* One byte a code point; what does not fit is cut or becomes a question mark. */
static size_t to_single_bytes(unsigned char *out, const unsigned char *in, size_t length,
                              uint32_t most, bool is_cut)
{
    size_t written = 0;
    size_t taken = 0;

    for (size_t i = 0; i < length; i += taken) {
        uint32_t value = code_point(in + i, length - i, &taken);

        if (taken == 0)
            return 0;
        out[written++] = (unsigned char)(value <= most || is_cut ? value & 0xFFU : '?');
    }
    return written < length ? written : 0;
}

size_t latin1(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_single_bytes(out, in, length, 0xFFU, true);
}

size_t ascii_question_marks(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_single_bytes(out, in, length, 0x7FU, false);
}

size_t double_utf8(unsigned char *out, const unsigned char *in, size_t length)
{
    size_t written = 0;

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

size_t escape_unicode(unsigned char *out, const unsigned char *in, size_t length)
{
    unsigned char units[KEY_BYTES_MAX];
    size_t bytes = to_utf16(units, in, length, false);
    size_t written = 0;

    if (bytes > KEY_BYTES_MAX / 3)
        return 0;
    for (size_t i = 0; i < bytes; i += 2) {
        if (units[i] == 0 && units[i + 1] < 0x80U) {
            out[written++] = units[i + 1];
            continue;
        }
        out[written++] = '\\';
        out[written++] = 'u';
        written += to_hex(out + written, units + i, 2, DIGITS_LOWER);
    }
    return written > bytes / 2 ? written : 0;
}

/* In double quotes, '/' and what is no ASCII escaped. */
size_t json_string_text(unsigned char *out, const unsigned char *in, size_t length)
{
    unsigned char plain[KEY_BYTES_MAX];
    size_t plain_length = escape_unicode(plain, in, length);
    size_t written = 1;

    if (plain_length == 0 || plain_length + 2 > KEY_BYTES_MAX)
        return 0; /* without a letter to escape it is ID||KEY in quotes, a wrap */
    out[0] = '"';
    memcpy(out + 1, plain, plain_length);
    written += plain_length;
    out[written++] = '"';
    return written;
}

/* The bytes of a character at @in that are good UTF-8, or, after the first wrong one, those before
 * it. */
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

/* Read as UTF-8 with U+FFFD for what is none (WHATWG Encoding §4.1), then written again. */
size_t base64_to_text(unsigned char *out, const unsigned char *in, size_t length)
{
    unsigned char bytes[KEY_BYTES_MAX];
    size_t count = base64_any_dropping(bytes, in, length);
    size_t written = 0;
    size_t taken = 0;

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

size_t base64_to_latin1(unsigned char *out, const unsigned char *in, size_t length)
{
    unsigned char bytes[KEY_BYTES_MAX];
    size_t count = base64_any_dropping(bytes, in, length);

    return count > 0 ? double_utf8(out, bytes, count) : 0;
}

size_t nul_at_end(unsigned char *out, const unsigned char *in, size_t length)
{
    if (length + 1 > KEY_BYTES_MAX)
        return 0;
    memcpy(out, in, length);
    out[length] = '\0';
    return length + 1;
}

static size_t first(unsigned char *out, const unsigned char *in, size_t length, size_t kept)
{
    if (length <= kept)
        return 0;
    memcpy(out, in, kept);
    return kept;
}

size_t first_64(unsigned char *out, const unsigned char *in, size_t length)
{
    return first(out, in, length, 64);
}

size_t first_32(unsigned char *out, const unsigned char *in, size_t length)
{
    return first(out, in, length, 32);
}
