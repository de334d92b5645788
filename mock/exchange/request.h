/* What came: the head of a request. */
#ifndef MOCK_EXCHANGE_REQUEST_H
#define MOCK_EXCHANGE_REQUEST_H

#include "contract/mask.h"
#include "contract/private_text.h"
#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed from the connection. Absent headers are not set. */
struct request {
    struct private_text method; /* not set: unknown */
    struct private_text path;   /* as sent, without the query; not set: likewise */
    struct private_text query;  /* after the "?", as sent */
    const char *peer;           /* the client's address */
    int peer_port;              /* 0: there is no connection */
    struct private_text host;
    struct private_text authorization; /* the first one */
    struct private_text content_type;
    struct private_text other_content_type; /* of a second field that differs */
    struct private_text origin;
    struct private_text sec_fetch_site;
    struct private_text
        preflight; /* Access-Control-Request-Method: a browser asks before its request */
    struct private_text upgrade;
    struct private_text expect; /* X-Mock-Expect */
    struct private_text last_event_id;
    const char *token_field; /* the name of another field with a token; NULL: none */
    size_t authorization_count;
    size_t authorization_length; /* without trailing whitespace (RFC 9110 section 5.5) */
    int64_t content_length;      /* 0: no body, or chunked */
    bool is_reused;              /* not the first one of its connection */
    bool is_chunked;
    bool is_tls;
    bool is_http_1_0;
    bool expects_continue; /* waits for 100 Continue before it sends its body */
    bool will_close;       /* asks for the connection to be closed */
};

/* Appends the method, masked and cut; "-": unknown. */
void request_show_method(struct buf *out, struct private_text method,
                         const struct masking *masking);

/* Appends a path, masked and made fit for logs and messages: control characters are escaped, and a
 * long segment that is not a UUID is shown by its length alone, for it may be a secret or a token.
 * @query, which is not shown, may hold the rest of a key that contains a question mark.
 */
void request_show_path(struct buf *out, struct private_text path, struct private_text query,
                       const struct masking *masking);

/* Is it a numeric address on the loopback interface, IPv4 mapped into IPv6 included? */
bool is_loopback_address(const char *text);

#endif
