/* What came: the head of a request. */
#ifndef MOCK_EXCHANGE_REQUEST_H
#define MOCK_EXCHANGE_REQUEST_H

#include "contract/mask.h"
#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text as it came, which may be a secret. It has a type of its own, which a function for a
 * char * refuses: mask_write_text(), request_show_path() and their like show it. json_pack() takes
 * it in silence. ci/lint finds a member "unmasked" only on the line of the call that prints it. */
struct wire_text {
    const char *unmasked; /* NULL: absent */
};

/* Borrowed from the connection. Absent headers are NULL. */
struct request {
    struct wire_text method; /* NULL: unknown */
    struct wire_text path;   /* as sent, without the query; NULL likewise */
    struct wire_text query;  /* after the "?", as sent; NULL: none */
    const char *peer;        /* the client's address */
    int peer_port;           /* 0: there is no connection */
    const char *host;
    struct wire_text authorization; /* the first one */
    struct wire_text content_type;
    struct wire_text other_content_type; /* of a second field that differs; NULL: none */
    struct wire_text origin;
    const char *sec_fetch_site;
    const char *preflight; /* Access-Control-Request-Method: a browser asks before its request */
    const char *upgrade;
    struct wire_text expect; /* X-Mock-Expect */
    const char *token_field; /* the name of another field with a token; NULL: none */
    size_t authorization_count;
    size_t authorization_length; /* without trailing whitespace (RFC 9110 section 5.5) */
    int64_t content_length;      /* 0: no body, or chunked */
    bool is_reused;              /* not the first one of its connection */
    bool is_chunked;
    bool is_http_1_0;
    bool expects_continue; /* waits for 100 Continue before it sends its body */
    bool will_close;       /* asks for the connection to be closed */
};

/* Appends a path, masked and made fit for logs and messages: control characters are escaped, and a
 * long segment that is not a UUID is shown by its length alone, for it may be a secret or a token.
 * @query, which is not shown, may hold the rest of a key that contains a question mark; NULL: none.
 */
void request_show_path(struct buf *out, const char *path, const char *query,
                       const struct masking *masking);

/* Is it a numeric address on the loopback interface, IPv4 mapped into IPv6 included? */
bool is_loopback_address(const char *text);

#endif
