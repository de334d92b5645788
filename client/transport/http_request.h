/* One HTTP request as it is to be sent. */
#ifndef TRANSPORT_HTTP_REQUEST_H
#define TRANSPORT_HTTP_REQUEST_H

#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A header field. Name and value are sent as they are; a line break in one breaks the framing of
 * the request. The value may be empty. NULL: the header is not sent, even if it would be added. */
struct http_header {
    const char *name;
    const char *value;
};

/* What to send; borrowed for the call. Only Host, Content-Length and Transfer-Encoding are added,
 * and a header that is given here replaces the one that would be added. */
struct http_request {
    const char *method;
    const char *url; /* sent as given: no path is normalised */
    const struct http_header *headers;
    size_t header_count; /* a duplicate name is sent twice, except for Host */
    const char *body;    /* NULL: none, and no Content-Length; never sent with HEAD */
    size_t body_length;
    bool is_chunked;
    int64_t connect_timeout_ms;
    int64_t timeout_ms; /* of the whole exchange */
    size_t answer_bytes_max;
    /* Asked about ten times a second; true ends the exchange. NULL: nothing ends it early. */
    bool (*is_cancelled)(const void *context);
    const void *cancel_context;
};

bool http_request_has(const struct http_request *request, const char *name);

/* Appends a field in libcurl's notation: "Name: value"; "Name;" has an empty value; "Name:"
 * suppresses the field. */
void http_header_write(struct buf *line, const char *name, const char *value);

#endif
