/* HTTP/1.1 out: the one file that knows libcurl. It sends exactly what it is told, right or wrong,
 * and never sends anything twice [E7]: bodies go through a read callback without a seek function,
 * and a request is given up once libcurl would send it again on a fresh connection. */
#ifndef TRANSPORT_HTTP_H
#define TRANSPORT_HTTP_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_HEADER_BYTES_MAX = 256 * 1024, /* of one answer */
    HTTP_REASON_TEXT = 256
};

/* A header field. Name and value are sent as they are: one with a line break in it breaks the
 * request's framing. A value may be empty; NULL: not sent, though it would be added. */
struct http_header {
    const char *name;
    const char *value;
};

/* What to send; borrowed for the call. Nothing is added but Host, Content-Length or
 * Transfer-Encoding, and what is said here; a header that is said here replaces the one that would
 * be added. */
struct http_request {
    const char *method;
    const char *url; /* sent as given: no path is normalised */
    const struct http_header *headers;
    size_t
        header_count; /* the same name twice is sent twice, Host excepted: the first one counts */
    const char *body; /* NULL: none, and no Content-Length; never sent with HEAD */
    size_t body_length;
    bool is_chunked;
    int64_t connect_timeout_ms;
    int64_t timeout_ms; /* of the whole exchange */
    size_t answer_bytes_max;
};

enum http_outcome {
    HTTP_ANSWERED,      /* a whole answer */
    HTTP_NOT_SENT,      /* not one byte of the request left us */
    HTTP_NO_ANSWER,     /* sent, in part or whole, and no whole answer came */
    HTTP_ANSWER_TOO_BIG /* past answer_bytes_max or HTTP_HEADER_BYTES_MAX; the status is there */
};

/* An answer; http_answer_fini() it after every http_send(). */
struct http_answer {
    enum http_outcome outcome;
    int status;        /* 0: none was read; of an answer that broke off, what it began with */
    bool was_reused;   /* went over a connection that was open already */
    bool is_late;      /* given up for want of time */
    bool is_untrusted; /* not sent: the server's certificate is not believed, and won't be */
    int64_t time_ms;
    struct buf
        headers;     /* the final answer's header lines, as received, CR LF between; no trailers */
    struct buf body; /* as received, nothing decoded but chunks */
    char reason[HTTP_REASON_TEXT]; /* why there is no whole answer; "" */
};

/* A connection and what it keeps open; one thread at a time. */
struct http_session;

/* ca_file: PEM, the only roots to believe, or NULL for the system's. Redirects are never followed;
 * proxies are those of the environment, but never for a loopback host. */
HM_MUST_USE enum hm_code http_session_new(struct http_session **session, const char *ca_file,
                                          struct hm_error *err);
void http_session_free(struct http_session *session);

/* Closes the open connection, so that the next request makes a new one. */
void http_session_reconnect(struct http_session *session);

/* Sends one request and reads its answer. HM_OK whatever the outcome, which the answer tells;
 * HM_BAD_ARGUMENT (a URL that is none), HM_NO_MEMORY otherwise: nothing was sent then. */
HM_MUST_USE enum hm_code http_send(struct http_session *session, const struct http_request *request,
                                   struct http_answer *answer, struct hm_error *err);

/* A zeroed struct is fine. */
void http_answer_fini(struct http_answer *answer);

/* The value of the answer's @nth header of that name (from 0), blanks trimmed; false: there is
 * none. The span is borrowed from the answer. */
bool http_answer_header(const struct http_answer *answer, const char *name, size_t nth,
                        const char **value, size_t *length);

/* A base URL split and judged as design.md asks: scheme http or https, no userinfo, query,
 * fragment, no path that ends in /v1 or /v2; a trailing / is dropped. returns HM_OK,
 * HM_BAD_ARGUMENT with what to change, HM_NO_MEMORY. @out: free() it */
HM_MUST_USE enum hm_code http_base_url(char **out, bool *is_loopback, bool *is_plaintext,
                                       const char *text, struct hm_error *err);

/* Is it this machine: localhost, 127.0.0.0/8, ::1 (with or without its brackets)? A name that
 * merely resolves to it is not. */
bool http_host_is_loopback(const char *host, size_t length);

/* Reads an HTTP date (RFC 9110 §5.6.7) as Unix seconds; false: it is none. */
bool http_date_read(int64_t *unix_s, const char *text, size_t length);

#endif
