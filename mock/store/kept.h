/* A store's lists as a database keeps them. The lists in memory are then only what was read or
 * written last: each call asks for a newer one first. All calls are made under the contact's lock.
 */
#ifndef MOCK_STORE_KEPT_H
#define MOCK_STORE_KEPT_H

#include "store/channel_list.h"
#include "store/directory.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;
struct kept;

/* @database is borrowed, @world copied. HM_NO_MEMORY */
HM_MUST_USE enum hm_code kept_new(struct kept **kept, struct database *database, const char *world,
                                  int64_t epoch, size_t contacts, struct hm_error *err);
void kept_free(struct kept *kept); /* NULL is fine */

struct database *kept_database(const struct kept *kept);
const char *kept_world(const struct kept *kept);
int64_t kept_epoch(const struct kept *kept);

/* Replaces the contact's list in @lists, if there is a newer one. @id: NULL, or see list_read() in
 * database/database.h. returns HM_OK, HM_NOT_SENT (the database is away), HM_NO_MEMORY */
HM_MUST_USE enum hm_code kept_read(struct kept *kept, const struct contact *contact,
                                   struct channel_list **lists, int64_t *id);

/* Writes the list, which was changed since it was read. Where it cannot be written, it is dropped
 * from @lists. *is_again: another mock was faster. returns also HM_OUTCOME_UNKNOWN */
HM_MUST_USE enum hm_code kept_write(struct kept *kept, const struct contact *contact,
                                    struct channel_list **lists, bool *is_again);

#endif
