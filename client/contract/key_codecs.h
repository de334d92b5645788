/* Hex, base64 and digests as programs apply them to a secret before they use it as a key, each with
 * the faults of a decoder that exists. */
#ifndef CONTRACT_KEY_CODECS_H
#define CONTRACT_KEY_CODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum {
    KEY_BYTES_MAX =
        8 * 1024 /* of a key made in any way: two halves, encoded twice, and some more */
};

/* Changes @in of at most KEY_BYTES_MAX bytes. @how is one of the constants before the function, or
 * 0. Writes at most KEY_BYTES_MAX bytes and returns their number; 0: the text cannot be changed in
 * this way, or would stay as it is. */
typedef size_t key_change_fn(unsigned char *out, const unsigned char *in, size_t length, int how);

/* HEX_UNTIL_BAD stops at the first pair with another character (Node), HEX_DROPPING leaves other
 * characters out, pack('H*') takes every character for a digit, in each language differently. */
enum { HEX_UNTIL_BAD, HEX_DROPPING, HEX_PERL, HEX_RUBY, HEX_PHP };
key_change_fn hex_decode;

/* The 32 hex digits of the ID, which ends at the first pipe, become 16 bytes. */
key_change_fn id_hex_decode;

/* Flags. Without BASE64_DROPPING the decoder stops at the first character that it does not know,
 * and gives whole groups of four only. */
enum { BASE64_URL_TOO = 1, BASE64_DROPPING = 2 };
key_change_fn base64_decode;

/* Flags. */
enum { BASE64_URL = 1, BASE64_PADDED = 2 };
key_change_fn base64_encode;

/* @how is the width of a line, each of which ends in a line feed. LINES_OPEN: except the last one,
 * whose line feed a shell's $(...) removes. */
enum { LINES_OPEN = 1024 };
key_change_fn base64_encode_lines;

enum { HEX_LOWER, HEX_UPPER };
key_change_fn hex_encode;

/* An enum hash, plus flags unless the bytes themselves are meant. */
enum { DIGEST_HEX = 16, DIGEST_BASE64 = 32, DIGEST_UPPER = 64, DIGEST_URL = 128 };
key_change_fn digest;

/* The same for the ID of ID||KEY, which @in must be; with DIGEST_KEY_TOO for each half. */
enum { DIGEST_KEY_TOO = 256 };
key_change_fn digest_id;

static inline bool is_upper(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool is_lower(unsigned char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes before the first pipe: the ID of ID||KEY. */
static inline size_t id_length(const unsigned char *in, size_t length)
{
    const unsigned char *pipe = memchr(in, '|', length);

    return pipe != NULL ? (size_t)(pipe - in) : length;
}

#endif
