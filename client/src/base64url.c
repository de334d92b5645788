#include "base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t base64url_decoded_max(size_t length)
{
    return length / 4 * 3 + 2;
}

/* The six bits of a character, or -1. The standard alphabet's two are understood, and noted. */
static int sextet(char c, unsigned *faults)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '-')
        return 62;
    if (c == '_')
        return 63;
    if (c == '+' || c == '/') {
        *faults |= BASE64URL_STANDARD_ALPHABET;
        return c == '+' ? 62 : 63;
    }
    return -1;
}

unsigned base64url_decode(unsigned char *out, size_t *out_length, const char *text, size_t length)
{
    unsigned faults = BASE64URL_OK;
    unsigned bits = 0;
    unsigned held = 0;
    size_t written = 0;
    size_t padding = 0;

    while (length > 0 && padding < 2 && text[length - 1] == '=') {
        length--;
        padding++;
    }
    if (padding > 0)
        faults |= BASE64URL_PADDED;
    if (length % 4 == 1)
        faults |= BASE64URL_BROKEN;
    for (size_t i = 0; i < length; i++) {
        int six = sextet(text[i], &faults);

        if (six < 0) {
            faults |= BASE64URL_BROKEN;
            break;
        }
        bits = (bits << 6 | (unsigned)six) & 0xFFFU;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[written++] = (unsigned char)(bits >> held);
        }
    }
    if ((bits & ((1U << held) - 1U)) != 0)
        faults |= BASE64URL_NON_CANONICAL;
    if ((faults & BASE64URL_BROKEN) != 0)
        written = 0;
    *out_length = written;
    return faults;
}

size_t base64url_encoded_length(size_t length)
{
    static const size_t rest[] = { 0, 2, 3 };

    return length / 3 * 4 + rest[length % 3];
}

void base64url_encode(char *out, const void *data, size_t length)
{
    const unsigned char *in = data;

    for (; length >= 3; length -= 3, in += 3) {
        *out++ = alphabet[in[0] >> 2];
        *out++ = alphabet[(in[0] & 3) << 4 | in[1] >> 4];
        *out++ = alphabet[(in[1] & 15) << 2 | in[2] >> 6];
        *out++ = alphabet[in[2] & 63];
    }
    if (length == 1) {
        *out++ = alphabet[in[0] >> 2];
        *out++ = alphabet[(in[0] & 3) << 4];
    } else if (length == 2) {
        *out++ = alphabet[in[0] >> 2];
        *out++ = alphabet[(in[0] & 3) << 4 | in[1] >> 4];
        *out++ = alphabet[(in[1] & 15) << 2];
    }
    *out = '\0';
}
