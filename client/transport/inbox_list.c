/* GET /v1/inboxes [N1]. */
#include "transport/operation_call.h"

enum hm_code hm_inbox_list(struct hm_inbox_list *list, struct hm_client *client,
                           struct hm_error *err)
{
    const struct operation_values values = { NULL, NULL, NULL };

    return operation_call_inboxes(list, client, OPERATION_INBOX_LIST, &values, err);
}
