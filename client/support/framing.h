/* Refuses ambiguous framing [T8] that civetweb 1.16 accepts or silently drops, so that two programs
 * cannot read two different requests from the same bytes (RFC 9112 section 11).
 *
 * It relies on how civetweb 1.16 cuts up its buffer: every part is NUL-terminated in place, and the
 * bytes of a line end and the last byte of the head are overwritten by NULs. */
#ifndef SUPPORT_FRAMING_H
#define SUPPORT_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HEAD_BYTES_MAX = 16 * 1024,    /* request line and header fields; 431 past it */
    HEAD_BUFFER_BYTES = 64 * 1024, /* civetweb's own limit */
    HEADERS_MAX = 63               /* civetweb keeps 64 and drops the rest */
};

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
    FIELD_PREFLIGHT,
    FIELD_UPGRADE,
    FIELD_MOCK_EXPECT,
    FIELD_LAST_EVENT_ID,
    FIELD_TRANSFER_ENCODING
};

struct framing_field {
    const char *name;
    const char *value;
    enum field_kind kind;
};

/* The head as civetweb cut it up: all pointers into its one buffer. */
struct framing_head {
    const char *method; /* the first byte after empty lines */
    const char *uri;
    const char *query;   /* NULL: none */
    const char *version; /* "1.1" */
    struct framing_field fields[HEADERS_MAX + 1];
    int field_count;
};

/* Appends a field. There is room for HEADERS_MAX + 1. */
void framing_add_field(struct framing_head *head, const char *name, const char *value);

struct framing {
    int64_t content_length; /* 0: none, or chunked */
    bool is_chunked;
};

/* Returns 0 and fills @framing; or 400 or 431, and the reason: a static string. */
int framing_check(struct framing *framing, const struct framing_head *head, const char **reason);

/* Did civetweb refuse this head only because it does not know the method? Only then method, uri and
 * version are complete: it cuts out the version last and then looks at the method. The field count
 * may be -1 here. */
bool framing_is_unknown_method(const struct framing_head *head);

#endif
