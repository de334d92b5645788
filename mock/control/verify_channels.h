/* POST /_mock/verify {"channels": ...}: how many channels of a kind a contact has now. */
#ifndef MOCK_CONTROL_VERIFY_CHANNELS_H
#define MOCK_CONTROL_VERIFY_CHANNELS_H

#include "exchange/exchange.h"
#include "support/json_node.h"
#include <heymarket/error.h>

/* Of an explanation: nothing is added to one that is as long, so that the system can take the whole
 * answer from us, also where the client does not read it. */
enum { VERIFY_BYTES_ENOUGH = 16 * 1024 };

/* Counts the contact's channels that have the given channel_type and channel_id, and makes the
 * answer of the call: 200, or 422 with the channels that the contact has.
 *
 * node     {"contact", "channel_type", "channel_id", "exactly" | "at_least", "at_most"}
 * returns  HM_OK with *status; HM_BAD_INPUT with the place, HM_BAD_ARGUMENT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code verify_channels(int *status, struct exchange *x,
                                         const struct json_node *node, struct hm_error *err);

#endif
