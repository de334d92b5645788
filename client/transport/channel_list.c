/* GET /v2/contact/{contactID}/channels [L1]. */
#include "transport/operation_call.h"

enum hm_code hm_channel_list(struct hm_channel_list *list, struct hm_client *client,
                             const char *contact, struct hm_error *err)
{
    const struct operation_values values = { .contact = contact };

    return operation_call_channels(list, client, OPERATION_CHANNEL_LIST, &values, err);
}
