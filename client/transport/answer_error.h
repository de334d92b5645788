/* The error for an answer that is not a success [E1-E5 E7]. */
#ifndef TRANSPORT_ANSWER_ERROR_H
#define TRANSPORT_ANSWER_ERROR_H

#include "contract/mask.h"
#include "transport/http.h"

/* What else an error is made of. */
struct answer_context {
    const char *url;
    int attempts;
    bool is_safe; /* the request changes nothing: nothing can have been written [E7] */
    const struct masking *masking; /* of what is never shown, even if the server repeats it */
};

/* Fills @err, which may be NULL, from an answer: code, status, written, clause and mistake (where
 * the mock names them), request ID, and a text with the server's message. Returns the code. HM_OK:
 * it is a whole 2xx, and @err is unchanged. */
enum hm_code answer_error(struct hm_error *err, const struct http_answer *answer,
                          const struct answer_context *context);

/* The answer's X-Request-Id [T4]; "" if it is absent, has unusual characters or must not be shown.
 */
void answer_request_id(char out[HM_REQUEST_ID_TEXT], const struct http_answer *answer,
                       const struct masking *masking);

#endif
