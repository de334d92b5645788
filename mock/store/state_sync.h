/* States that a database keeps: read at the start, written with every change, and, where others
 * write to it, read again at the beginning of a request. */
#ifndef MOCK_STORE_STATE_SYNC_H
#define MOCK_STORE_STATE_SYNC_H

#include "store/state.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stdint.h>

struct database;

/* From now on the slot's world is kept in @database, which is borrowed; before it is served.
 * What is there already becomes the present state; the initial one stays.
 *
 * world     "" or a sandbox's id
 * ends_s    Unix time when it ends by itself; 0: never
 * record    a JSON value about the world itself, which is copied; NULL: none
 * returns   HM_OK; HM_NOT_SENT, HM_OUTCOME_UNKNOWN: the database is away; HM_BAD_INPUT: what it
 *           has is damaged; HM_NO_MEMORY */
HM_MUST_USE enum hm_code state_keep(struct state_slot *slot, struct database *database,
                                    const char *world, int64_t ends_s, const char *record,
                                    struct hm_error *err);

/* Replaces the initial state with @loaded, which it takes over also after a failure: the files were
 * read again. Without a database it becomes the present one, too; else that is what is kept.
 * returns what state_keep() returns */
HM_MUST_USE enum hm_code state_reload(struct state_slot *slot, struct state *loaded,
                                      struct hm_error *err);

/* The same for a world that is there already. HM_BAD_ARGUMENT: the database has no such world */
HM_MUST_USE enum hm_code state_join(struct state_slot *slot, struct database *database,
                                    const char *world, int64_t ends_s, const char *record,
                                    struct hm_error *err);

/* Makes what others wrote since the present state; nothing where nobody else writes.
 * returns HM_OK; HM_NOT_SENT: the database is away; HM_BAD_ARGUMENT: it has no such world any more
 * (a main world begins anew); HM_BAD_INPUT; HM_NO_MEMORY */
HM_MUST_USE enum hm_code state_refresh(struct state_slot *slot, struct hm_error *err);

/* Edits a copy of the present state; after a failure the copy is dropped. */
typedef enum hm_code (*state_change_fn)(struct state *edited, void *context, struct hm_error *err);

/* Changes the present state by @change, which is called again with a newer state where another mock
 * was faster; writes it to the database, if there is one, and publishes it. *changed is the new
 * state; state_release() it.
 * returns HM_OK; after anything else nothing was changed: what @change returned, HM_NOT_SENT,
 * HM_OUTCOME_UNKNOWN, HM_BAD_INPUT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code state_change(struct state_slot *slot, state_change_fn change,
                                      void *context, struct state **changed, struct hm_error *err);

#endif
