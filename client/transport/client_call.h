/* One call of the API: a request that is sent, perhaps several times, until there is an answer or
 * an error. For operation_call.c. */
#ifndef TRANSPORT_CLIENT_CALL_H
#define TRANSPORT_CLIENT_CALL_H

#include "transport/client_handle.h"
#include "transport/http.h"
#include <heymarket/client.h>

/* The request of an operation; base URL, token and limits are those of the client. */
struct client_request {
    const char *method;
    const char *path; /* "/v2/contact/..." */
    const char *body; /* JSON; NULL: none */
    size_t body_length;
    bool is_safe; /* changes nothing, so that it may be sent again whatever happened [E7] */
    size_t answer_bytes_max;
};

/* Sends by the rules of retry.h and within the client's limits.
 *
 * answer    the last one; http_answer_fini() it in any case
 * attempts  requests that were started
 * masking   what must not be shown of the answer; client_masking_fini() it in any case
 * returns   HM_OK: a whole 2xx, for the operation to judge; else what hm_channel_create() returns
 * (or hm_channel_get(), if it is safe), with every member of @err set
 */
HM_MUST_USE enum hm_code client_call(struct hm_client *client, const struct client_request *request,
                                     struct http_answer *answer, int *attempts,
                                     struct client_masking *masking, struct hm_error *err);

#endif
