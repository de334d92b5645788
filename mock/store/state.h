/* What can be replaced while the mock serves: a snapshot that never changes once requests can see
 * it. A request holds the present one from its beginning to its end. A change edits a copy and
 * publishes it, so requests under way finish on the old one. */
#ifndef MOCK_STORE_STATE_H
#define MOCK_STORE_STATE_H

#include "store/clock.h"
#include "store/policy.h"
#include "support/uuid.h"
#include <heymarket/error.h>
#include <pthread.h>
#include <stdatomic.h>

struct database;
struct faults;
struct limit;
struct store;

struct state {
    struct clock clock;
    struct policy policy;
    struct store *store;
    struct limit *limit;   /* NULL: no rate limit */
    struct faults *faults; /* NULL: none to come */
    uint64_t version;      /* of the document that a database keeps of it */
    atomic_uint holders;
};

/* The contract's policy, the real clock, nothing else. NULL: out of memory. state_release() it. */
struct state *state_new(void);

/* A copy that shares store, limit and faults. NULL: out of memory. */
struct state *state_copy(const struct state *state);

/* Adds a reference; drops one, and the last frees it. state_release() accepts NULL. */
void state_hold(struct state *state);
void state_release(struct state *state);

struct state_slot {
    pthread_mutex_t lock;     /* of the pointers */
    pthread_mutex_t changing; /* one change at a time */
    struct state *present;
    struct state *initial; /* as loaded: a reset goes back to it */
    /* Where it is kept besides, see store/state_sync.h. */
    struct database *database; /* NULL: nowhere */
    char world[UUID_TEXT];
    int64_t ends_s;
    char *record; /* owned */
};

/* Takes over @loaded, which becomes the present and the initial one. */
void state_slot_init(struct state_slot *slot, struct state *loaded);
void state_slot_fini(struct state_slot *slot);

/* The present one; state_release() it. Safe for threads. */
struct state *state_take(struct state_slot *slot);

/* Begins a change: waits for any other to end, then returns a copy of the present one. NULL: out of
 * memory, and no change was begun. End it with state_publish() or state_discard(). */
struct state *state_edit(struct state_slot *slot);
void state_publish(struct state_slot *slot, struct state *edited);
void state_discard(struct state_slot *slot, struct state *edited);

/* During a change: replaces the present one with @next, which it takes over, before the change. */
void state_replace(struct state_slot *slot, struct state *next);

/* Replaces the initial one with @initial, which it takes over; only during a change. */
void state_put_initial(struct state_slot *slot, struct state *initial);

/* The initial one; state_release() it. */
struct state *state_take_initial(struct state_slot *slot);

#endif
