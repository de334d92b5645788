/* PUT /v2/contact/{contactID}/channel [U1]. */
#include "transport/operation_call.h"

enum hm_code hm_channel_update(struct hm_channel_list *list, struct hm_client *client,
                               const char *contact, const char *type, const char *id,
                               struct hm_error *err)
{
    const struct operation_values values = { .contact = contact, .type = type, .id = id };

    return operation_call_channels(list, client, OPERATION_CHANNEL_UPDATE, &values, err);
}
