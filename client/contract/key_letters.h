/* What the two files of key_change_fn's share. */
#ifndef CONTRACT_KEY_LETTERS_H
#define CONTRACT_KEY_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define DIGITS_LOWER "0123456789abcdef"
#define DIGITS_UPPER "0123456789ABCDEF"

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

/* The bytes before the first pipe: the ID of ID||KEY. */
static inline size_t id_length(const unsigned char *in, size_t length)
{
    const unsigned char *pipe = memchr(in, '|', length);

    return pipe != NULL ? (size_t)(pipe - in) : length;
}

/* Two digits for each byte. Returns 0 when they do not fit into KEY_BYTES_MAX. */
size_t to_hex(unsigned char *out, const unsigned char *in, size_t length, const char *digits);

#endif
