/* The world in memory: teams, secrets, contacts, their channels [J10 J11 B7 B8 R3 R4].
 *
 * One thread fills it (world.c), then any number of threads use it. Teams and contacts no longer
 * change then, so a look-up takes no lock; a channel is added under one of a set of locks that
 * contacts share. Stores of the same teams and contacts share them: see store_fresh(). */
#ifndef MOCK_STORE_STORE_H
#define MOCK_STORE_STORE_H

#include "contract/channel_rules.h"
#include "store/channel_list.h"
#include "store/directory.h"
#include "store/list_call.h"
#include "support/buf.h"
#include "support/uuid.h"
#include <heymarket/error.h>
#include <heymarket/token.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;
struct mask;
struct store;

HM_MUST_USE enum hm_code store_new(struct store **store, struct hm_error *err);

/* Adds a reference and returns @store; drops one, and the last frees it. NULL is accepted. */
struct store *store_hold(struct store *store);
void store_free(struct store *store);

/* What it is filled through, before store_close(). Borrowed. */
struct directory *store_directory(struct store *store);

/* Ends filling, frees what only its checks needed, and begins serving. */
HM_MUST_USE enum hm_code store_close(struct store *store, struct hm_error *err);

/* From now on the contacts' lists of this epoch are kept in @database, too, which is borrowed;
 * NULL: they are not. Before it is served. HM_NO_MEMORY */
HM_MUST_USE enum hm_code store_keep(struct store *store, struct database *database,
                                    const char *world, int64_t epoch, struct hm_error *err);
int64_t store_epoch(const struct store *store); /* 0: nothing is kept */

/* A store of the same teams and contacts, every contact as it was loaded; what it keeps is of the
 * next epoch. */
HM_MUST_USE enum hm_code store_fresh(struct store **fresh, const struct store *store,
                                     struct hm_error *err);

/* Masks the keys that it has so far in a message; @err may be NULL. */
void store_mask_error(const struct store *store, struct hm_error *err);

/* Before it is served: lets its mask know the keys of @earlier, too, and those before them that the
 * journal still needs. HM_NO_MEMORY */
HM_MUST_USE enum hm_code store_remember_keys(struct store *store, const struct store *earlier,
                                             struct hm_error *err);

/* Before it is served, too: wrong tokens of both worlds together cost no more than those of one. */
void store_search_with(struct store *store, const struct store *other);

/* Serving. */
const struct hm_secrets *store_secrets(const struct store *store);
const struct mask *store_mask(const struct store *store); /* of its keys and earlier ones */
size_t store_team_count(const struct store *store);
size_t store_contact_count(const struct store *store);
size_t store_secret_count(const struct store *store);
size_t store_legacy_count(const struct store *store);
size_t store_secret_team(const struct store *store, size_t secret);

/* The team of a verdict's secret or legacy key; its team_id. */
size_t store_team_of(const struct store *store, const struct hm_verdict *verdict);
int64_t store_team_id(const struct store *store, size_t team);

/* The text of a team's inboxes, without the closing bracket [N1]. Borrowed from the store. */
const char *store_inboxes(const struct store *store, size_t team, size_t *length);

/* The contact of a UUID (valid, any case), or NULL. Borrowed from the store. */
struct contact *store_find(const struct store *store, const char *uuid);

/* In lower case, the UUID that @text is, or that of the contact with this name. False: neither. */
bool store_uuid_of(char out[UUID_TEXT], const struct store *store, const char *text);

/* The names of contacts, in the order of their contacts: the first one, and the one after @name;
 * NULL: there is none. Borrowed. */
const struct contact_name *store_first_name(const struct store *store);
const struct contact_name *contact_name_after(const struct contact_name *name);

/* By index, in the order of adding. Borrowed likewise. */
const struct contact *store_contact_at(const struct store *store, size_t index);

/* Each of these returns also, where there is a database: HM_NOT_SENT: it is away, and nothing was
 * done; HM_OUTCOME_UNKNOWN: its answer was lost, and the change may have been done. */

/* Adds a channel with the next id, created at @now (UTC, RFC 3339), and takes a view of the whole
 * list, the new one included; channel_view_fini() it. @rule decides about one that exists already
 * [B8]. returns HM_OK; HM_REFUSED: it exists and the rule rejects it; HM_NO_MEMORY */
HM_MUST_USE enum hm_code store_add_channel(struct store *store, struct contact *contact,
                                           const struct channel_values *values,
                                           enum duplicate_rule rule, const char *now,
                                           struct buf *scratch, struct channel_view *view);

/* For those below: @values->type says which channel is meant, @choice which of several [G3]; *slice
 * is where it is in the text of the view, which is taken of the list as it is afterwards.
 * HM_BAD_ARGUMENT: the contact has no channel of that type, and there is no view. */

/* returns HM_OK, HM_BAD_ARGUMENT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code store_get_channel(struct store *store, const struct contact *contact,
                                           const struct channel_values *values,
                                           enum channel_choice choice, struct buf *scratch,
                                           struct channel_view *view, struct channel_slice *slice);

/* Gives it the new id in @values and the time @now. @rule decides if another channel has that
 * type and id [U5]. returns HM_OK, HM_BAD_ARGUMENT, HM_REFUSED, HM_NO_MEMORY */
HM_MUST_USE enum hm_code store_update_channel(struct store *store, const struct contact *contact,
                                              const struct channel_values *values,
                                              enum channel_choice choice, enum duplicate_rule rule,
                                              const char *now, struct buf *scratch,
                                              struct channel_view *view,
                                              struct channel_slice *slice);

/* Removes it. returns HM_OK, HM_BAD_ARGUMENT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code store_delete_channel(struct store *store, const struct contact *contact,
                                              const struct channel_values *values,
                                              enum channel_choice choice, struct buf *scratch,
                                              struct channel_view *view);

/* Takes a view of the contact's list; channel_view_fini() it. */
HM_MUST_USE enum hm_code store_view(struct store *store, const struct contact *contact,
                                    struct channel_view *view);

/* The same as a tree; a new reference. NULL: out of memory, or the database is away. */
json_t *store_channels(struct store *store, const struct contact *contact);

#endif
