#include "transport/operation_call.h"

#include "contract/channel_answer.h"
#include "contract/inbox_answer.h"
#include "contract/operation_answer.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "transport/answer_error.h"
#include "transport/client_call.h"
#include <stdlib.h>
#include <string.h>

/* Turns a parsed body, which it takes over, into the list of an operation. */
typedef enum hm_code take_fn(void *list, json_t *root, struct hm_error *err);

/* One call. */
struct call {
    const struct operation *operation;
    const struct operation_values *values;
    take_fn *take;
    void *list; /* for take */
    /* Of the list. */
    int *status;
    int *attempts;
    char *request_id; /* HM_REQUEST_ID_TEXT bytes */
};

static enum hm_code refuse_answer(struct hm_error *err, const struct call *call, int status,
                                  const struct answer_breach *breach)
{
    hm_error_set(err, HM_BAD_ANSWER,
                 operation_is_safe(call->operation)
                     ? "the server answered %d, but the answer breaks the contract: %s"
                     : "the server answered %d, so the write was done, but the answer breaks the "
                       "contract: %s",
                 status, breach->text);
    if (err != NULL)
        memcpy(err->clause, breach->clause, sizeof err->clause);
    return HM_BAD_ANSWER;
}

/* A breach does not keep the list from being filled with what can be read. */
static enum hm_code answer_read(const struct call *call, const struct http_answer *answer,
                                const struct masking *masking, struct hm_error *err)
{
    enum hm_code code;
    struct operation_answer given = { NULL, buf_text(&answer->body), answer->body.length };
    struct answer_breaches breaches;
    const struct answer_breach *breach;
    json_t *root = NULL;
    const char *value;
    size_t length;
    char *content_type = NULL;

    if (http_answer_header(answer, "Content-Type", 0, &value, &length)) {
        content_type = strndup(value, length);
        if (content_type == NULL)
            return no_memory(err);
    }
    given.content_type = content_type;
    TRY(operation_answer_check(&root, call->operation, call->values, &given, masking, &breaches,
                               err));
    TRY(call->take(call->list, root, err));
    breach = answer_breach_first(&breaches);
    if (breach != NULL)
        code = refuse_answer(err, call, answer->status, breach);
out:
    free(content_type);
    return code;
}

/* After a 2xx a write was done, whatever is wrong with the answer. */
static void describe(struct hm_error *err, const struct call *call)
{
    if (err == NULL)
        return;
    err->status = *call->status;
    err->attempts = *call->attempts;
    err->written = operation_is_safe(call->operation) ? HM_WRITTEN_NO : HM_WRITTEN_YES;
    memcpy(err->request_id, call->request_id, sizeof err->request_id);
}

static enum hm_code operation_call(const struct call *call, struct hm_client *client,
                                   struct hm_error *err)
{
    enum hm_code code;
    char *path = NULL, *body = NULL;
    struct http_answer answer = { .status = 0 };
    struct client_masking masking = { .token = NULL };
    struct client_request request = { .method = call->operation->method,
                                      .is_safe = operation_is_safe(call->operation),
                                      .answer_bytes_max = ANSWER_BYTES_MAX };

    TRY(operation_values_check(call->operation, call->values, err));
    TRY(operation_body(&body, call->operation, call->values, err));
    TRY(operation_path(&path, call->operation, call->values, err));
    request.path = path;
    request.body = body;
    request.body_length = body != NULL ? strlen(body) : 0;
    TRY(client_call(client, &request, &answer, call->attempts, &masking, err));
    *call->status = answer.status;
    answer_request_id(call->request_id, &answer, &masking.masking);
    code = answer_read(call, &answer, &masking.masking, err);
    if (code != HM_OK)
        describe(err, call);
out:
    client_masking_fini(&masking);
    http_answer_fini(&answer);
    free(path);
    free(body);
    return code;
}

static enum hm_code take_channels(void *list, json_t *root, struct hm_error *err)
{
    return channel_answer_take(list, root, err);
}

static enum hm_code take_inboxes(void *list, json_t *root, struct hm_error *err)
{
    return inbox_answer_take(list, root, err);
}

enum hm_code operation_call_channels(struct hm_channel_list *list, struct hm_client *client,
                                     enum operation_id id, const struct operation_values *values,
                                     struct hm_error *err)
{
    const struct call call = { operation_row(id), values,          take_channels,   list,
                               &list->status,     &list->attempts, list->request_id };

    memset(list, 0, sizeof *list);
    return operation_call(&call, client, err);
}

enum hm_code operation_call_inboxes(struct hm_inbox_list *list, struct hm_client *client,
                                    enum operation_id id, const struct operation_values *values,
                                    struct hm_error *err)
{
    const struct call call = { operation_row(id), values,          take_inboxes,    list,
                               &list->status,     &list->attempts, list->request_id };

    memset(list, 0, sizeof *list);
    return operation_call(&call, client, err);
}
