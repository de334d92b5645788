#include "contract/base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t base64url_decoded_max(size_t length)
{
    return length / 4 * 3 + 2;
}

/* Position in the alphabet, from 1; 0: the character is not in it. */
static const unsigned char places[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63, ['_'] = 64
};

/* The six bits of a character; -1: it has none. Reads '+' and '/', too, and sets their flag. */
static int sextet(char c, unsigned *faults)
{
    if (c == '+' || c == '/') {
        *faults |= BASE64URL_STANDARD_ALPHABET;
        return c == '+' ? 62 : 63;
    }
    return places[(unsigned char)c] - 1;
}

/* Fast path: decodes whole groups of four until one is wrong. Returns the number of characters. */
static size_t decode_groups(unsigned char *out, const char *text, size_t length)
{
    const unsigned char *in = (const unsigned char *)text;
    size_t taken = 0;

    for (; length - taken >= 4; taken += 4, in += 4, out += 3) {
        unsigned a = places[in[0]], b = places[in[1]], c = places[in[2]], d = places[in[3]];

        if (a == 0 || b == 0 || c == 0 || d == 0)
            break;
        out[0] = (unsigned char)((a - 1) << 2 | (b - 1) >> 4);
        out[1] = (unsigned char)((b - 1) << 4 | (c - 1) >> 2);
        out[2] = (unsigned char)((c - 1) << 6 | (d - 1));
    }
    return taken;
}

unsigned base64url_decode(unsigned char *out, size_t *out_length, const char *text, size_t length)
{
    unsigned faults = BASE64URL_OK;
    unsigned bits = 0;
    unsigned held = 0;
    size_t written;
    size_t padding = 0;
    size_t taken;

    while (length > 0 && padding < 2 && text[length - 1] == '=') {
        length--;
        padding++;
    }
    if (padding > 0)
        faults |= BASE64URL_PADDED;
    if (length % 4 == 1)
        faults |= BASE64URL_BROKEN;
    taken = decode_groups(out, text, length);
    written = taken / 4 * 3;
    for (size_t i = taken; i < length; i++) {
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
