#include "key_changes.h"

#include "base64url.h"
#include "hmac.h"
#include <stdint.h>
#include <string.h>

static const char digits_lower[] = "0123456789abcdef";
static const char digits_upper[] = "0123456789ABCDEF";

static bool is_upper(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(unsigned char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

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

static size_t id_length(const unsigned char *in, size_t length)
{
    const unsigned char *pipe = memchr(in, '|', length);

    return pipe != NULL ? (size_t)(pipe - in) : length;
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

static int nibble(unsigned char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

size_t hex_until_bad(unsigned char *out, const unsigned char *in, size_t length)
{
    size_t written = 0;

    for (size_t i = 0; i + 1 < length; i += 2) {
        int high = nibble(in[i]);
        int low = nibble(in[i + 1]);

        if (high < 0 || low < 0)
            break;
        out[written++] = (unsigned char)(high << 4 | low);
    }
    return written;
}

size_t hex_dropping(unsigned char *out, const unsigned char *in, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++) {
        int value = nibble(in[i]);

        if (value < 0)
            continue;
        if (count % 2 == 0)
            out[count / 2] = (unsigned char)(value << 4);
        else
            out[count / 2] = (unsigned char)(out[count / 2] | value);
        count++;
    }
    return count / 2;
}

enum packer { PACK_PERL, PACK_RUBY, PACK_PHP };

static unsigned packed_nibble(unsigned char c, enum packer packer)
{
    bool is_letter = is_upper(c) || is_lower(c);

    if (packer == PACK_PHP)
        return nibble(c) >= 0 ? (unsigned)nibble(c) : 0;
    if (!is_letter)
        return c & 15U;
    return (packer == PACK_RUBY ? (c & 7U) + 9U : c + 9U) & 15U;
}

static size_t pack_nibbles(unsigned char *out, const unsigned char *in, size_t length,
                           enum packer packer)
{
    for (size_t i = 0; i < length; i++) {
        unsigned value = packed_nibble(in[i], packer);

        if (i % 2 == 0)
            out[i / 2] = (unsigned char)(value << 4);
        else
            out[i / 2] = (unsigned char)(out[i / 2] | value);
    }
    return (length + 1) / 2;
}

size_t hex_pack_perl(unsigned char *out, const unsigned char *in, size_t length)
{
    return pack_nibbles(out, in, length, PACK_PERL);
}

size_t hex_pack_ruby(unsigned char *out, const unsigned char *in, size_t length)
{
    return pack_nibbles(out, in, length, PACK_RUBY);
}

size_t hex_pack_php(unsigned char *out, const unsigned char *in, size_t length)
{
    return pack_nibbles(out, in, length, PACK_PHP);
}

size_t hex_id(unsigned char *out, const unsigned char *in, size_t length)
{
    size_t until = id_length(in, length);
    size_t written = hex_dropping(out, in, until);

    if (written != 16)
        return 0;
    memcpy(out + written, in + until, length - until);
    return written + length - until;
}

static int sextet(unsigned char c, bool is_any_alphabet)
{
    if (is_upper(c))
        return c - 'A';
    if (is_lower(c))
        return c - 'a' + 26;
    if (is_digit(c))
        return c - '0' + 52;
    if (c == '+' || (is_any_alphabet && c == '-'))
        return 62;
    if (c == '/' || (is_any_alphabet && c == '_'))
        return 63;
    return -1;
}

/* A decoder that stops at a stranger gives whole groups of four only. */
static size_t from_base64(unsigned char *out, const unsigned char *in, size_t length,
                          bool is_any_alphabet, bool is_dropping)
{
    unsigned bits = 0;
    size_t count = 0;
    size_t written = 0;
    bool is_stopped = false;

    for (size_t i = 0; i < length && !is_stopped; i++) {
        int value = sextet(in[i], is_any_alphabet);

        is_stopped = in[i] == '=' || (value < 0 && !is_dropping);
        if (value < 0)
            continue;
        bits = (bits << 6 | (unsigned)value) & 0xFFFFFFU;
        count++;
        if (count % 4 == 0) {
            out[written++] = (unsigned char)(bits >> 16);
            out[written++] = (unsigned char)(bits >> 8);
            out[written++] = (unsigned char)bits;
        }
    }
    if (is_stopped && !is_dropping)
        return written;
    if (count % 4 == 2) {
        out[written++] = (unsigned char)(bits >> 4);
    } else if (count % 4 == 3) {
        out[written++] = (unsigned char)(bits >> 10);
        out[written++] = (unsigned char)(bits >> 2);
    }
    return written;
}

size_t base64_any_dropping(unsigned char *out, const unsigned char *in, size_t length)
{
    return from_base64(out, in, length, true, true);
}

size_t base64_standard_dropping(unsigned char *out, const unsigned char *in, size_t length)
{
    return from_base64(out, in, length, false, true);
}

size_t base64_standard_until_bad(unsigned char *out, const unsigned char *in, size_t length)
{
    return from_base64(out, in, length, false, false);
}

size_t base64_any_until_bad(unsigned char *out, const unsigned char *in, size_t length)
{
    return from_base64(out, in, length, true, false);
}

static size_t to_base64(unsigned char *out, const unsigned char *in, size_t length, bool is_url,
                        bool is_padded)
{
    size_t written = base64url_encoded_length(length);

    if (written + 4 > KEY_BYTES_MAX)
        return 0;
    base64url_encode((char *)out, in, length);
    for (size_t i = 0; !is_url && i < written; i++) {
        if (out[i] == '-')
            out[i] = '+';
        else if (out[i] == '_')
            out[i] = '/';
    }
    while (is_padded && written % 4 != 0)
        out[written++] = '=';
    return written;
}

size_t base64_padded(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_base64(out, in, length, false, true);
}

size_t base64_unpadded(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_base64(out, in, length, false, false);
}

size_t base64url_unpadded(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_base64(out, in, length, true, false);
}

size_t base64url_padded(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_base64(out, in, length, true, true);
}

/* Each line, the last one too, ends in a line break. */
static size_t base64_lines(unsigned char *out, const unsigned char *in, size_t length, size_t width)
{
    unsigned char flat[KEY_BYTES_MAX];
    size_t flat_length = to_base64(flat, in, length, false, true);
    size_t written = 0;

    if (flat_length + flat_length / width + 1 > KEY_BYTES_MAX)
        return 0;
    for (size_t i = 0; i < flat_length; i++) {
        out[written++] = flat[i];
        if ((i + 1) % width == 0 || i + 1 == flat_length)
            out[written++] = '\n';
    }
    return written;
}

/* A shell's $(...) takes the last line break off. */
static size_t base64_joined_lines(unsigned char *out, const unsigned char *in, size_t length,
                                  size_t width)
{
    size_t written = base64_lines(out, in, length, width);

    return written > width + 1 ? written - 1 : 0;
}

size_t base64_joined_lines_64(unsigned char *out, const unsigned char *in, size_t length)
{
    return base64_joined_lines(out, in, length, 64);
}

size_t base64_joined_lines_76(unsigned char *out, const unsigned char *in, size_t length)
{
    return base64_joined_lines(out, in, length, 76);
}

size_t base64_lines_60(unsigned char *out, const unsigned char *in, size_t length)
{
    return base64_lines(out, in, length, 60);
}

size_t base64_lines_64(unsigned char *out, const unsigned char *in, size_t length)
{
    return base64_lines(out, in, length, 64);
}

size_t base64_lines_76(unsigned char *out, const unsigned char *in, size_t length)
{
    return base64_lines(out, in, length, 76);
}

static size_t to_hex(unsigned char *out, const unsigned char *in, size_t length, const char *digits)
{
    if (length > KEY_BYTES_MAX / 2)
        return 0;
    for (size_t i = 0; i < length; i++) {
        out[2 * i] = (unsigned char)digits[in[i] >> 4];
        out[2 * i + 1] = (unsigned char)digits[in[i] & 15U];
    }
    return 2 * length;
}

size_t hex_lower(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_hex(out, in, length, digits_lower);
}

size_t hex_upper(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_hex(out, in, length, digits_upper);
}

static size_t digest(unsigned char *out, const unsigned char *in, size_t length, enum hash hash)
{
    return hash_digest(hash, in, length, out) ? hash_bytes(hash) : 0;
}

size_t sha256_raw(unsigned char *out, const unsigned char *in, size_t length)
{
    return digest(out, in, length, HASH_SHA256);
}

size_t sha512_raw(unsigned char *out, const unsigned char *in, size_t length)
{
    return digest(out, in, length, HASH_SHA512);
}

size_t sha256_hex(unsigned char *out, const unsigned char *in, size_t length)
{
    unsigned char raw[MAC_BYTES_MAX] = { 0 };

    return to_hex(out, raw, digest(raw, in, length, HASH_SHA256), digits_lower);
}

size_t sha256_base64(unsigned char *out, const unsigned char *in, size_t length)
{
    unsigned char raw[MAC_BYTES_MAX] = { 0 };

    return to_base64(out, raw, digest(raw, in, length, HASH_SHA256), false, true);
}

size_t sha1_hex(unsigned char *out, const unsigned char *in, size_t length)
{
    unsigned char raw[MAC_BYTES_MAX] = { 0 };

    return to_hex(out, raw, digest(raw, in, length, HASH_SHA1), digits_lower);
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
            out[written++] = (unsigned char)digits_upper[c >> 4];
            out[written++] = (unsigned char)digits_upper[c & 15U];
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
        if (in[i] == '%' && i + 2 < length && nibble(in[i + 1]) >= 0 && nibble(in[i + 2]) >= 0) {
            out[written++] = (unsigned char)(nibble(in[i + 1]) << 4 | nibble(in[i + 2]));
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
        written += to_hex(out + written, units + i, 2, digits_lower);
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
