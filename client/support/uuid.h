/* UUIDs (RFC 9562) as the contract has them [T3]. */
#ifndef SUPPORT_UUID_H
#define SUPPORT_UUID_H

#include <stdbool.h>
#include <stddef.h>

enum { UUID_TEXT = 37, UUID_BYTES = 16 }; /* 36 characters and a NUL */

/* The bytes of a UUID: 8-4-4-4-12 hex digits, any case, version or variant, no braces [T3]. False:
 * it is not one, and the bytes are undefined. */
bool uuid_read(unsigned char bytes[UUID_BYTES], const char *text, size_t length);

/* Is it a UUID? */
bool uuid_is_valid(const char *text, size_t length);

/* The same UUID in lower case, NUL-terminated. @text must be valid. */
void uuid_lower(char out[UUID_TEXT], const char *text);

/* The UUID of these bytes, in lower case. */
void uuid_write(char out[UUID_TEXT], const unsigned char bytes[UUID_BYTES]);

/* A new random UUID, version 4 (RFC 9562 §5.4), in lower case. False: the system gave no random
 * bytes. */
__attribute__((warn_unused_result)) bool uuid_new(char out[UUID_TEXT]);

/* Random bytes for the UUIDs to come: asking the system for each costs more than making it. Zeroed:
 * none. For one thread, and not to be used on both sides of a fork. */
enum { UUIDS_IN_STOCK = 16 };
struct uuid_stock {
    unsigned char bytes[UUIDS_IN_STOCK][UUID_BYTES];
    size_t left;
};

/* uuid_new() from the stock, which is filled when it is empty. */
__attribute__((warn_unused_result)) bool uuid_draw(char out[UUID_TEXT], struct uuid_stock *stock);

#endif
