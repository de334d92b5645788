/* HTTP/1.1 requests; the only user of libcurl. Sends exactly what it is given, right or wrong, and
 * nothing twice [E7]: the body is read by a callback without a seek function, and a request ends
 * when libcurl would repeat it on another connection. */
#ifndef TRANSPORT_HTTP_H
#define TRANSPORT_HTTP_H

#include "transport/http_answer.h"
#include <heymarket/error.h>

enum { HTTP_HEADER_BYTES_MAX = 256 * 1024 }; /* of one answer */

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

/* An open connection; for one thread at a time. */
struct http_session;

/* @ca_file: PEM file with the only root certificates to trust; NULL: the system's. Redirects are
 * never followed. Proxies are those of the environment, but never for a loopback host. returns
 * HM_OK, HM_BAD_INPUT (not such a file), HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code http_session_new(struct http_session **session, const char *ca_file,
                                          struct hm_error *err);
void http_session_free(struct http_session *session);

/* Closes the open connection, so that the next request makes a new one. */
void http_session_reconnect(struct http_session *session);

/* Sends one request and reads its answer. returns HM_OK whatever the outcome; HM_BAD_ARGUMENT (not
 * a URL), HM_NO_MEMORY: nothing was sent */
HM_MUST_USE enum hm_code http_send(struct http_session *session, const struct http_request *request,
                                   struct http_answer *answer, struct hm_error *err);

/* Reads an HTTP date (RFC 9110 §5.6.7) as Unix seconds. False: it is not one. */
bool http_date_read(int64_t *unix_s, const char *text, size_t length);

#endif
