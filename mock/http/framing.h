/* The guard against ambiguous framing [T8]: what civetweb 1.16 accepts without complaint, or drops
 * without a word, is refused here, so that two readers cannot see two different requests.
 *
 * It leans on how 1.16 cuts up its buffer: every part is NUL-terminated in place, the bytes of a
 * line end are overwritten by NULs, and the very last byte of the head too. Keep the tests with it.
 */
#ifndef MOCK_HTTP_FRAMING_H
#define MOCK_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HEAD_BYTES_MAX = 16 * 1024,    /* request line and headers; 431 past it */
    HEAD_BUFFER_BYTES = 64 * 1024, /* what civetweb reads up to before it gives up by itself */
    HEADERS_MAX = 63,              /* civetweb's list ends at 64 and drops the rest */
    CONTENT_LENGTH_DIGITS_MAX = 18 /* fits an int64_t */
};

/* The fields that somebody asks for. */
enum field_kind {
    FIELD_OTHER,
    FIELD_AUTHORIZATION,
    FIELD_CONNECTION,
    FIELD_CONTENT_LENGTH,
    FIELD_CONTENT_TYPE,
    FIELD_EXPECT,
    FIELD_HOST,
    FIELD_ORIGIN,
    FIELD_SEC_FETCH_SITE,
    FIELD_TRANSFER_ENCODING
};

struct framing_field {
    const char *name;
    const char *value;
    enum field_kind kind;
};

/* The head as civetweb cut it up: all pointers into its one buffer. */
struct framing_head {
    const char *method; /* the first byte behind empty lines */
    const char *uri;
    const char *query;   /* NULL: none */
    const char *version; /* "1.1" */
    struct framing_field fields[HEADERS_MAX + 1];
    int field_count;
};

/* Appends a field; names are looked at once. There is room for HEADERS_MAX + 1. */
void framing_add_field(struct framing_head *head, const char *name, const char *value);

/* What the body's framing came out as. */
struct framing {
    int64_t content_length; /* 0: none, or chunked */
    bool is_chunked;
};

/* Returns 0 and fills @framing; or 400 or 431, and the reason: a static string. */
int framing_check(struct framing *framing, const struct framing_head *head, const char **reason);

/* Of a head that civetweb refused: did it stop at a request line that is whole, but for a method
 * that it has never heard of? Only then method, uri and version can be trusted: it cuts the version
 * last, looks at the method next, and parts that it has not cut run on into the rest of the head.
 * The field count may be -1 here. */
bool framing_is_unknown_method(const struct framing_head *head);

#endif
