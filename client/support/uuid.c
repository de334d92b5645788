#include "support/uuid.h"

#include "support/platform.h"
#include "support/text.h"
#include <stdint.h>
#include <string.h>

enum { UUID_LENGTH = UUID_TEXT - 1 };

static bool is_dash_place(size_t i)
{
    return (UINT64_C(0x842100) >> i & 1) != 0; /* 8, 13, 18, 23 */
}

/* Lower-case letters differ from upper-case ones in one bit, which digits and dashes also have. */
static char small(char c)
{
    return (char)(c | 0x20);
}

bool uuid_read(unsigned char bytes[UUID_BYTES], const char *text, size_t length)
{
    int all = 0; /* negative if one was not a digit */
    size_t at = 0;

    if (length != UUID_LENGTH)
        return false;
    for (size_t i = 0; i < UUID_BYTES; i++, at += 2) {
        int value;

        if (is_dash_place(at) && text[at++] != '-')
            return false;
        value = hex_value(text[at]) * 16 | hex_value(text[at + 1]);
        all |= value;
        bytes[i] = (unsigned char)value;
    }
    return all >= 0;
}

bool uuid_is_valid(const char *text, size_t length)
{
    unsigned char bytes[UUID_BYTES];

    return uuid_read(bytes, text, length);
}

void uuid_lower(char out[UUID_TEXT], const char *text)
{
    for (size_t i = 0; i < UUID_LENGTH; i++)
        out[i] = small(text[i]);
    out[UUID_LENGTH] = '\0';
}

void uuid_write(char out[UUID_TEXT], const unsigned char bytes[UUID_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;

    for (size_t i = 0; i < UUID_BYTES; i++) {
        if (is_dash_place(at))
            out[at++] = '-';
        out[at++] = digits[bytes[i] >> 4];
        out[at++] = digits[bytes[i] & 0x0F];
    }
    out[at] = '\0';
}

static void random_write(char out[UUID_TEXT], unsigned char bytes[UUID_BYTES])
{
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40); /* version 4 */
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80); /* the variant of RFC 9562 */
    uuid_write(out, bytes);
}

bool uuid_new(char out[UUID_TEXT])
{
    unsigned char bytes[UUID_BYTES];

    if (!platform_random(bytes, sizeof bytes))
        return false;
    random_write(out, bytes);
    return true;
}

bool uuid_draw(char out[UUID_TEXT], struct uuid_stock *stock)
{
    if (stock->left == 0) {
        if (!platform_random(stock->bytes, sizeof stock->bytes))
            return false;
        stock->left = UUIDS_IN_STOCK;
    }
    random_write(out, stock->bytes[--stock->left]);
    return true;
}
