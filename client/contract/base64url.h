/* base64url without padding (RFC 4648, section 5; RFC 7515, section 2), strictly. */
#ifndef CONTRACT_BASE64URL_H
#define CONTRACT_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

enum base64url_fault {
    BASE64URL_OK = 0,
    BASE64URL_PADDED = 1,            /* '=' at the end */
    BASE64URL_STANDARD_ALPHABET = 2, /* '+' or '/' */
    BASE64URL_NON_CANONICAL = 4,     /* unused bits that are not zero */
    BASE64URL_BROKEN = 8             /* any other character, or an impossible length */
};

/* The most bytes that @length characters decode to. */
size_t base64url_decoded_max(size_t length);

/* Decodes and returns flags for what is wrong; only BASE64URL_OK is a valid segment. With
 * BASE64URL_BROKEN *out_length is 0. */
unsigned base64url_decode(unsigned char *out, size_t *out_length, const char *text, size_t length);

/* Characters that @length bytes encode to, without a NUL. */
size_t base64url_encoded_length(size_t length);

/* Encodes to base64url_encoded_length() characters and a NUL. */
void base64url_encode(char *out, const void *data, size_t length);

#endif
