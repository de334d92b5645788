/* World file -> store: teams, their secrets, contacts, channels. The first mistake refuses it all.
 */
#ifndef MOCK_STORE_WORLD_H
#define MOCK_STORE_WORLD_H

#include "fault/fault.h"
#include "store/store.h"
#include "support/json_file.h"
#include "support/json_node.h"
#include <heymarket/error.h>

enum {
    WORLD_BYTES_MAX = 256 * 1024 * 1024,
    TEAM_SECRETS_MAX = 2 /* [J10] */
};

/* Makes a store of a world file. A contacts_file is read line by line, and never held whole.
 * returns HM_OK; HM_BAD_INPUT with a position ("FILE:LINE:COL: POINTER: found ..., expected ...");
 * HM_NO_MEMORY. @store: store_free() it */
HM_MUST_USE enum hm_code world_read(struct store **store, const struct json_file *file,
                                    struct hm_error *err);

/* Its parts, for a store that is not closed yet: all teams of a file, and one team. */
HM_MUST_USE enum hm_code world_teams_read(struct store *store, const struct json_file *file,
                                          struct hm_error *err);
HM_MUST_USE enum hm_code world_team_read(struct store *store, const struct json_node *node,
                                         struct hm_error *err);

/* Adds the world's fault rules to @faults, once its store exists. The same errors. */
HM_MUST_USE enum hm_code world_faults_read(struct faults *faults, const struct store *store,
                                           const struct json_file *file, struct hm_error *err);

#endif
