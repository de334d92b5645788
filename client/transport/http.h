/* HTTP/1.1 requests; the only user of libcurl. Sends exactly what it is given, right or wrong, and
 * nothing twice [E7]: the body is read by a callback without a seek function, and a request ends
 * when libcurl would repeat it on another connection. */
#ifndef TRANSPORT_HTTP_H
#define TRANSPORT_HTTP_H

#include "transport/http_answer.h"
#include "transport/http_request.h"
#include "transport/http_tls.h"
#include <heymarket/error.h>

/* Of one answer, with its 1xx answers and trailers. */
enum { HTTP_HEADER_BYTES_MAX = 64 * 1024, HTTP_FIELDS_MAX = 256 };

/* An open connection; for one thread at a time. */
struct http_session;

/* @tls is used only in the call. Redirects are never followed. Proxies are those of the
 * environment, but never for a loopback host. returns HM_OK, and as http_pems_read() */
HM_MUST_USE enum hm_code http_session_new(struct http_session **session, const struct http_tls *tls,
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
