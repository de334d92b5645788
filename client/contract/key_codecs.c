#include "contract/key_codecs.h"

#include "contract/base64url.h"
#include "contract/hmac.h"
#include "support/text.h"

/* The four bits of a character; -1: not a hex digit. */
static int nibble(unsigned char c, int how)
{
    int value = hex_value((char)c);

    if (how == HEX_UNTIL_BAD || how == HEX_DROPPING)
        return value;
    if (how == HEX_PHP)
        return value >= 0 ? value : 0;
    if (!is_upper(c) && !is_lower(c))
        return c & 15;
    return ((how == HEX_RUBY ? c & 7 : c) + 9) & 15;
}

size_t hex_decode(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    bool is_pack = how != HEX_UNTIL_BAD && how != HEX_DROPPING;
    size_t count = 0;

    for (size_t i = 0; i < length; i++) {
        int value = nibble(in[i], how);

        if (value < 0 && how == HEX_UNTIL_BAD)
            break;
        if (value < 0)
            continue;
        out[count / 2] = (unsigned char)(count % 2 == 0 ? value << 4 : out[count / 2] | value);
        count++;
    }
    return (count + is_pack) / 2; /* pack() fills up the last byte */
}

size_t id_hex_decode(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t until = id_length(in, length);
    size_t written = hex_decode(out, in, until, HEX_DROPPING);

    (void)how;
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

size_t base64_decode(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    bool is_dropping = (how & BASE64_DROPPING) != 0;
    unsigned bits = 0;
    size_t count = 0;
    size_t written = 0;
    bool is_stopped = false;

    for (size_t i = 0; i < length && !is_stopped; i++) {
        int value = sextet(in[i], (how & BASE64_URL_TOO) != 0);

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

size_t base64_encode(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t written = base64url_encoded_length(length);

    if (written + 4 > KEY_BYTES_MAX)
        return 0;
    base64url_encode((char *)out, in, length);
    for (size_t i = 0; (how & BASE64_URL) == 0 && i < written; i++) {
        if (out[i] == '-')
            out[i] = '+';
        else if (out[i] == '_')
            out[i] = '/';
    }
    while ((how & BASE64_PADDED) != 0 && written % 4 != 0)
        out[written++] = '=';
    return written;
}

size_t base64_encode_lines(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t width = (size_t)(how % LINES_OPEN);
    unsigned char flat[KEY_BYTES_MAX];
    size_t flat_length = base64_encode(flat, in, length, BASE64_PADDED);
    size_t written = 0;

    if (flat_length + flat_length / width + 1 > KEY_BYTES_MAX)
        return 0;
    for (size_t i = 0; i < flat_length; i++) {
        out[written++] = flat[i];
        if ((i + 1) % width == 0 || i + 1 == flat_length)
            out[written++] = '\n';
    }
    if (how < LINES_OPEN)
        return written;
    return written > width + 1 ? written - 1 : 0; /* a single line is plain base64 */
}

size_t hex_encode(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    const char *digits = how == HEX_UPPER ? "0123456789ABCDEF" : "0123456789abcdef";

    if (length > KEY_BYTES_MAX / 2)
        return 0;
    for (size_t i = 0; i < length; i++) {
        out[2 * i] = (unsigned char)digits[in[i] >> 4];
        out[2 * i + 1] = (unsigned char)digits[in[i] & 15U];
    }
    return 2 * length;
}

size_t digest(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    enum hash hash = (enum hash)(how & (DIGEST_HEX - 1));
    unsigned char raw[MAC_BYTES_MAX];

    if (!hash_digest(hash, in, length, raw))
        return 0;
    if ((how & DIGEST_HEX) != 0)
        return hex_encode(out, raw, hash_bytes(hash),
                          (how & DIGEST_UPPER) != 0 ? HEX_UPPER : HEX_LOWER);
    if ((how & DIGEST_BASE64) != 0)
        return base64_encode(out, raw, hash_bytes(hash),
                             (how & DIGEST_URL) != 0 ? BASE64_URL : BASE64_PADDED);
    memcpy(out, raw, hash_bytes(hash));
    return hash_bytes(hash);
}

size_t digest_id(unsigned char *out, const unsigned char *in, size_t length, int how)
{
    size_t until = id_length(in, length);
    size_t written = digest(out, in, until, how);
    const unsigned char *key = in + until + 2;
    size_t key_length = length - until - 2;

    if (written == 0 || written + length > KEY_BYTES_MAX)
        return 0;
    memcpy(out + written, "||", 2);
    written += 2;
    if ((how & DIGEST_KEY_TOO) != 0)
        return written + digest(out + written, key, key_length, how);
    memcpy(out + written, key, key_length);
    return written + key_length;
}
