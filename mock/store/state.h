/* All that can be replaced while the mock serves: a snapshot that never changes once requests can
 * see it. A request holds the present one from its beginning to its end; whoever changes something
 * makes a copy, changes that and publishes it, so requests under way finish on the old one. */
#ifndef MOCK_STORE_STATE_H
#define MOCK_STORE_STATE_H

#include "store/clock.h"
#include "store/policy.h"
#include <heymarket/error.h>
#include <pthread.h>
#include <stdatomic.h>

struct faults;
struct limit;
struct store;

struct state {
    struct clock clock;
    struct policy policy;
    struct store *store;
    struct limit *limit;   /* NULL: no rate limit */
    struct faults *faults; /* NULL: none to come */
    atomic_uint holders;
};

/* An empty one: the contract's policy, the real clock, nothing else. NULL: out of memory.
 * state_release() it. */
struct state *state_new(void);

/* A copy that shares the parts (store, limit, faults), each held once more. NULL: out of memory. */
struct state *state_copy(const struct state *state);

/* Takes part in holding; gives up a hold, the last one frees it. NULL is fine. */
void state_hold(struct state *state);
void state_release(struct state *state);

/* Where the present one is kept. */
struct state_slot {
    pthread_mutex_t lock;     /* for the pointers, and for a moment only */
    pthread_mutex_t changing; /* one change at a time */
    struct state *present;
    struct state *initial; /* as it was loaded: what a reset goes back to */
};

/* @loaded is taken over: it becomes the present and the initial one. */
void state_slot_init(struct state_slot *slot, struct state *loaded);
void state_slot_fini(struct state_slot *slot);

/* The present one, held for the caller. Safe for threads. */
struct state *state_take(struct state_slot *slot);

/* Begins a change: waits for others to end theirs, then hands out a copy of the present one. NULL:
 * out of memory, and no change was begun. Ends with state_publish() or state_discard(). */
struct state *state_edit(struct state_slot *slot);
void state_publish(struct state_slot *slot, struct state *edited);
void state_discard(struct state_slot *slot, struct state *edited);

/* Replaces both with @loaded, which is taken over: the files were read anew. */
void state_reload(struct state_slot *slot, struct state *loaded);

/* Puts @initial, which is taken over, in the place of the initial one, while a change is under way.
 */
void state_put_initial(struct state_slot *slot, struct state *initial);

/* The initial one, held for the caller. */
struct state *state_take_initial(struct state_slot *slot);

#endif
