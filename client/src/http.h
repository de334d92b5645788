/* HTTP/1.1 out: the one file that knows libcurl. It sends exactly what it is told, right or wrong, and
 * never sends anything twice [E7]: bodies go through a read callback without a seek function, so
 * libcurl cannot repeat a POST on a re-used connection by itself. */
#ifndef HTTP_H
#define HTTP_H

#include "buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_header {
    const char *name;
    const char *value;
};

/* What to send; borrowed for the call. Nothing is added but Host, Content-Length or
 * Transfer-Encoding, and what is said here. */
struct http_request {
    const char *method;
    const char *url; /* sent as given: no path is normalised */
    const struct http_header *headers;
    size_t header_count; /* the same name twice is sent twice */
    const char *body;    /* NULL: none, and no Content-Length */
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
    HTTP_ANSWER_TOO_BIG /* past answer_bytes_max; status and headers are there */
};

/* An answer; http_answer_fini() it after every http_send(). */
struct http_answer {
    enum http_outcome outcome;
    int status;     /* 0: none was read */
    bool was_reused; /* went over a connection that was open already */
    int64_t time_ms;
    struct buf headers; /* the final answer's header lines, as received, CR LF between */
    struct buf body;    /* as received, nothing decoded */
    char reason[256];   /* why there is no whole answer; "" */
};

/* A connection and what it keeps open; one thread at a time. */
struct http_session;

/* ca_file: PEM, or NULL for the system's roots. Redirects are never followed; proxies are those of
 * the environment, but never for a loopback host. */
HM_MUST_USE enum hm_code http_session_new(struct http_session **session, const char *ca_file,
                                          struct hm_error *err);
void http_session_free(struct http_session *session);

/* Closes the open connection, so that the next request makes a new one. */
void http_session_reconnect(struct http_session *session);

/* Sends one request and reads its answer. HM_OK whatever the outcome, which the answer tells;
 * HM_BAD_ARGUMENT (a URL that is none), HM_NO_MEMORY otherwise. */
HM_MUST_USE enum hm_code http_send(struct http_session *session, const struct http_request *request,
                                   struct http_answer *answer, struct hm_error *err);
void http_answer_fini(struct http_answer *answer);

/* The value of the answer's @nth header of that name (from 0), blanks trimmed; false: there is none.
 * The span is borrowed from the answer. */
bool http_answer_header(const struct http_answer *answer, const char *name, size_t nth,
                        const char **value, size_t *length);

/* A base URL split and judged as design.md asks: scheme http or https, no userinfo, query, fragment,
 * no path that ends in /v1 or /v2; a trailing / is dropped.
 * returns HM_OK, HM_BAD_ARGUMENT with what to change, HM_NO_MEMORY. @out: free() it */
HM_MUST_USE enum hm_code http_base_url(char **out, bool *is_loopback, bool *is_plaintext,
                                       const char *text, struct hm_error *err);

#endif
