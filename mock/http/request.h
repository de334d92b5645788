/* A request's head, as the road needs it. */
#ifndef MOCK_HTTP_REQUEST_H
#define MOCK_HTTP_REQUEST_H

#include "http/framing.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed from the connection. Absent headers are NULL. */
struct request {
    const char *method; /* NULL: there was no telling */
    const char *path;   /* as sent, without the query; NULL likewise */
    const char *query;  /* behind the "?", as sent; NULL: none */
    const char *peer;   /* the client's address */
    int peer_port;      /* 0: there is no connection */
    const char *host;
    const char *authorization; /* the first one */
    const char *content_type;
    const char *other_content_type; /* of a second field that says something else; NULL: none */
    const char *origin;
    const char *sec_fetch_site;
    size_t authorization_count;
    size_t authorization_length; /* blanks at its end not counted (RFC 9110 §5.5) */
    int64_t content_length;      /* 0: no body, or chunked */
    bool is_reused;              /* not the first one of its connection */
    bool is_chunked;
    bool is_http_1_0;
    bool expects_continue; /* waits for 100 Continue before it sends its body */
    bool will_close;       /* asks for the connection to be closed */
};

/* Takes over what stands in the header fields and in the version; the rest stays as it was. */
void request_take_fields(struct request *request, const struct framing_head *head);

#endif
