/* An answer that is no success -> the typed error [E1-E5 E7]. */
#ifndef TRANSPORT_ANSWER_ERROR_H
#define TRANSPORT_ANSWER_ERROR_H

#include "transport/http.h"

/* What an error is made of besides the answer. */
struct answer_context {
    const char *url;
    int attempts;
    const char *token;      /* never shown, whatever the server's message repeats */
    const char *secret_key; /* nor this */
};

/* Fills @err from an answer: code, status, written, clause, mistake (where our mock names them),
 * the request id, and a text with the server's message. Returns the code; HM_OK for a whole 2xx,
 * @err is left alone then. */
enum hm_code answer_error(struct hm_error *err, const struct http_answer *answer,
                          const struct answer_context *context);

/* The answer's X-Request-Id [T4]; "" where it is absent or looks like none. */
void answer_request_id(char out[HM_REQUEST_ID_TEXT], const struct http_answer *answer);

#endif
