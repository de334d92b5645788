/* One operation, from its values to the list that its answer becomes. An operation's own file says
 * only which it is. */
#ifndef TRANSPORT_OPERATION_CALL_H
#define TRANSPORT_OPERATION_CALL_H

#include "contract/operation.h"
#include <heymarket/channel.h>
#include <heymarket/client.h>
#include <heymarket/inbox.h>

/* An operation whose answer has channels: all that hm_channel_create() and its kin do. */
HM_MUST_USE enum hm_code operation_call_channels(struct hm_channel_list *list,
                                                 struct hm_client *client, enum operation_id id,
                                                 const struct operation_values *values,
                                                 struct hm_error *err);

/* The same for one whose answer has inboxes. */
HM_MUST_USE enum hm_code operation_call_inboxes(struct hm_inbox_list *list,
                                                struct hm_client *client, enum operation_id id,
                                                const struct operation_values *values,
                                                struct hm_error *err);

#endif
