/* The sandboxes that are alive: worlds beside the main one, each until it is deleted or its time is
 * over. One that was not used yet is a record; what it serves from is made at its first use. All
 * calls are safe for threads. */
#ifndef MOCK_SANDBOX_SANDBOXES_H
#define MOCK_SANDBOX_SANDBOXES_H

#include "exchange/mock.h"
#include "sandbox/sandbox_world.h"
#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SANDBOXES_MAX = 10000,
    SANDBOX_JOURNAL_ENTRIES_MAX = 1000 /* of one; the main world's may have more */
};

struct sandboxes;
struct store;

/* Is called without a lock when a sandbox has gone. */
typedef void (*sandbox_removed_fn)(void *to, const char *id);

/* Makes an empty table of sandboxes for @mock, with journals of up to @journal exchanges. It sets
 * mock->sandboxes. */
HM_MUST_USE enum hm_code sandboxes_new(struct mock *mock, size_t journal, struct hm_error *err);

/* Once nothing is served any more. NULL is fine. */
void sandboxes_free(struct sandboxes *all);

/* Before it serves. */
void sandboxes_on_removed(struct sandboxes *all, sandbox_removed_fn removed, void *to);

/* Adds one, whose record it takes over in any case. @store is its world; NULL: the default one, of
 * which it is known that its names are in no other world.
 * returns HM_OK; HM_REFUSED: too many, or an id is taken by another world; HM_NO_MEMORY */
HM_MUST_USE enum hm_code sandboxes_add(struct sandboxes *all, struct sandbox_record *record,
                                       const struct store *store, struct hm_error *err);

/* May this be the main world: has it no ID of a sandbox with a world of its own? HM_REFUSED */
HM_MUST_USE enum hm_code sandboxes_allow(struct sandboxes *all, const struct store *main,
                                         struct hm_error *err);

/* How many are alive: one relaxed load. NULL has none. */
size_t sandboxes_count(const struct sandboxes *all);

/* What text is given to find a sandbox. */
enum sandbox_name {
    SANDBOX_ID,
    SANDBOX_ANY /* its id, a secret's ID or a contact's UUID */
};

/* The sandbox to which a text belongs, ready to serve and held for the caller. *sandbox becomes
 * NULL if there is none. HM_OK; HM_NO_MEMORY; HM_BAD_ARGUMENT: the database that keeps it has it no
 * more; HM_NOT_SENT: that is away */
HM_MUST_USE enum hm_code sandboxes_find(struct sandbox **sandbox, struct sandboxes *all,
                                        enum sandbox_name kind, const char *text, size_t length);

/* What is shown of one. */
struct sandbox_shown {
    unsigned long long serial; /* in the order of making */
    char id[UUID_TEXT];
    int64_t created_s, ttl_s;
    unsigned long long requests;
};

/* False: there is none. */
bool sandboxes_show(struct sandbox_shown *shown, struct sandboxes *all, const char *id);

/* Goes from @shown (zeroed: none yet) to the next one. False: there are no more. */
bool sandboxes_next(struct sandbox_shown *shown, struct sandboxes *all);

/* Ends it. False: there is none. @unmet gets the expectations that did not come true, as
 * expected_unmet() writes them; returned in *unmet_count. */
bool sandboxes_end(struct sandbox_shown *shown, struct sandboxes *all, const char *id,
                   struct buf *unmet, size_t *unmet_count);

/* The expectations of all sandboxes that did not come true, also of those that ended. *were_used:
 * were there any expectations? */
size_t sandboxes_unmet(struct buf *out, struct sandboxes *all, bool *were_used);

#endif
