/* The main world of a database that keeps it. What is kept is served; a world file adds the teams
 * and contacts that are new, and changes or removes none. */
#ifndef MOCK_STORE_WORLD_KEPT_H
#define MOCK_STORE_WORLD_KEPT_H

#include "store/store.h"
#include "support/json_file.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct database;

/* What a world file has otherwise than the database: it was changed since it was loaded. */
struct world_changes {
    size_t teams, contacts;
    bool faults;
};

/* Does this database keep a world? HM_BAD_INPUT: it cannot be read */
HM_MUST_USE enum hm_code world_is_kept(bool *is_kept, struct database *database,
                                       struct hm_error *err);

/* Makes a store of what is kept, and adds to both what is new in @file (NULL: nothing is).
 * @faults becomes the kept world's rules as {"faults":[...]}, for world_faults_read();
 * json_file_fini() it. The same errors as world_read(). */
HM_MUST_USE enum hm_code world_kept_read(struct store **store, struct json_file *faults,
                                         struct world_changes *changes, struct database *database,
                                         const struct json_file *file, struct hm_error *err);

/* The world as a world file has it, each contact with the channels that it has now; a new
 * reference. HM_BAD_INPUT, HM_NOT_SENT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code world_kept_export(json_t **world, struct database *database,
                                           struct hm_error *err);

#endif
