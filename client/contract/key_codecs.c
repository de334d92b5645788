/* From and to hex and base64; digests. */
#include "contract/key_changes.h"

#include "contract/base64url.h"
#include "contract/hmac.h"
#include "contract/key_letters.h"
#include "support/text.h"
#include <string.h>

size_t hex_until_bad(unsigned char *out, const unsigned char *in, size_t length)
{
    size_t written = 0;

    for (size_t i = 0; i + 1 < length; i += 2) {
        int high = hex_value((char)in[i]);
        int low = hex_value((char)in[i + 1]);

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
        int value = hex_value((char)in[i]);

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
        return hex_value((char)c) >= 0 ? (unsigned)hex_value((char)c) : 0;
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

size_t to_hex(unsigned char *out, const unsigned char *in, size_t length, const char *digits)
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
    return to_hex(out, in, length, DIGITS_LOWER);
}

size_t hex_upper(unsigned char *out, const unsigned char *in, size_t length)
{
    return to_hex(out, in, length, DIGITS_UPPER);
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

    return to_hex(out, raw, digest(raw, in, length, HASH_SHA256), DIGITS_LOWER);
}

size_t sha256_base64(unsigned char *out, const unsigned char *in, size_t length)
{
    unsigned char raw[MAC_BYTES_MAX] = { 0 };

    return to_base64(out, raw, digest(raw, in, length, HASH_SHA256), false, true);
}

size_t sha1_hex(unsigned char *out, const unsigned char *in, size_t length)
{
    unsigned char raw[MAC_BYTES_MAX] = { 0 };

    return to_hex(out, raw, digest(raw, in, length, HASH_SHA1), DIGITS_LOWER);
}
