/* DELETE /v2/contact/{contactID}/channel/{channelType} [X1]. */
#include "transport/operation_call.h"

enum hm_code hm_channel_delete(struct hm_channel_list *list, struct hm_client *client,
                               const char *contact, const char *type, struct hm_error *err)
{
    const struct operation_values values = { .contact = contact, .type = type };

    return operation_call_channels(list, client, OPERATION_CHANNEL_DELETE, &values, err);
}
