/* The answer to an HTTP request, or what happened instead. */
#ifndef TRANSPORT_HTTP_ANSWER_H
#define TRANSPORT_HTTP_ANSWER_H

#include "support/buf.h"
#include <stdint.h>

enum { HTTP_REASON_TEXT = 256 };

enum http_outcome {
    HTTP_ANSWERED,      /* a whole answer */
    HTTP_NOT_SENT,      /* not one byte of the request was sent */
    HTTP_NO_ANSWER,     /* sent, at least in part, but no complete answer arrived */
    HTTP_ANSWER_TOO_BIG /* more than the limits of http.h or answer_bytes_max; status is set */
};

/* http_answer_fini() it after every http_send(). */
struct http_answer {
    enum http_outcome outcome;
    int status;        /* 0: none was read; of an incomplete answer, that of its beginning */
    bool was_reused;   /* sent over a connection that was open already */
    bool is_late;      /* ended by a time limit */
    bool is_untrusted; /* not sent, because the server's certificate is not trusted */
    int64_t time_ms;
    struct buf headers; /* the final answer's header lines, each with CR LF; no trailers */
    struct buf body;    /* as received, nothing decoded but chunks */
    char reason[HTTP_REASON_TEXT]; /* why there is no whole answer; "" */
};

/* A zeroed struct is fine. */
void http_answer_fini(struct http_answer *answer);

/* The value of the answer's @nth header of that name (from 0), without spaces and tabs at its ends.
 * False: there is none. The value is borrowed from the answer. */
bool http_answer_header(const struct http_answer *answer, const char *name, size_t nth,
                        const char **value, size_t *length);

#endif
