/* Contacts of a world: one object each, in the world file or one a line in a file of their own. */
#ifndef MOCK_STORE_WORLD_CONTACT_H
#define MOCK_STORE_WORLD_CONTACT_H

#include "store/store.h"
#include "support/json_file.h"
#include <heymarket/error.h>
#include <stddef.h>

/* Adds the contact that @node is to team @team of the store. */
HM_MUST_USE enum hm_code world_contact_read(struct store *store, size_t team,
                                            const struct json_node *node, struct hm_error *err);

/* Adds those of an NDJSON file. @path: the file; @said: where it is named, for complaints that it
 * cannot be read. */
HM_MUST_USE enum hm_code world_contacts_file_read(struct store *store, size_t team,
                                                  const char *path, const struct json_node *said,
                                                  struct hm_error *err);

/* Any id: above 0, and exact in every JSON reader. */
enum { WORLD_ID_LEAST = 1 };
#define WORLD_ID_MOST INT64_C(9007199254740991)

#endif
