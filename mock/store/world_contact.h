/* Contacts of a world: JSON objects in the world file, or one per line in a contacts_file. */
#ifndef MOCK_STORE_WORLD_CONTACT_H
#define MOCK_STORE_WORLD_CONTACT_H

#include "store/store.h"
#include "support/json_node.h"
#include <heymarket/error.h>
#include <stddef.h>

enum {
    WORLD_LINE_BYTES_MAX = 16 * 1024 * 1024, /* of a contacts_file */
    WORLD_NAME_BYTES_MAX = 256,
    WORLD_ID_LEAST = 1
};
#define WORLD_ID_MOST INT64_C(9007199254740991) /* 2^53 - 1: exact in every JSON reader */

/* Adds the contact that @node describes to team @team. */
HM_MUST_USE enum hm_code world_contact_read(struct store *store, size_t team,
                                            const struct json_node *node, struct hm_error *err);

/* Adds the contacts of an NDJSON file. @named: where the world names it, for the error that it
 * cannot be read. */
HM_MUST_USE enum hm_code world_contacts_file_read(struct store *store, size_t team,
                                                  const char *path, const struct json_node *named,
                                                  struct hm_error *err);

#endif
