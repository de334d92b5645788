/* The inboxes of a team in a world file [N1]. */
#ifndef MOCK_STORE_WORLD_INBOX_H
#define MOCK_STORE_WORLD_INBOX_H

#include "store/store.h"
#include "support/json_node.h"
#include <heymarket/error.h>
#include <stddef.h>

/* Adds the inbox that @node describes to team @team. It is answered as it is written. */
HM_MUST_USE enum hm_code world_inbox_read(struct store *store, size_t team,
                                          const struct json_node *node, struct hm_error *err);

#endif
