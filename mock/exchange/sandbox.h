/* All that belongs to one world: what it serves from, and what is kept of its requests. The mock
 * has a main one, and those that clients make for themselves (sandbox/sandboxes.h). */
#ifndef MOCK_EXCHANGE_SANDBOX_H
#define MOCK_EXCHANGE_SANDBOX_H

#include "store/state.h"
#include "support/uuid.h"
#include <stdatomic.h>

/* What a call of the control plane may have changed, as viewers of the page learn it. */
enum topic {
    TOPIC_CLOCK,
    TOPIC_FAULTS,
    TOPIC_POLICY,
    TOPIC_CONTACTS,
    TOPIC_SANDBOXES,
    TOPIC_EXPECT,
    TOPICS
};

struct expected;
struct journal;
struct misbehaving;

/* Counters of the requests of one world. */
struct figures {
    atomic_ullong requests, accepted, refused, warned;
};

struct sandbox {
    struct state_slot slot;          /* what can be replaced while it serves */
    struct journal *journal;         /* NULL: there is no journal */
    struct expected *expected;       /* refusals that tests want; NULL in some tests */
    struct misbehaving *misbehaving; /* NULL: it follows the contract */
    atomic_uint changes[TOPICS];     /* how often */
    struct figures figures;          /* unused by the main world: see mock->beside */
    char id[UUID_TEXT];              /* "": the main world */
    atomic_bool has_ended;           /* requests under way finish on it */
    atomic_uint holders;
    void (*end)(struct sandbox *sandbox); /* called by the last holder; NULL: has none */
};

enum { SANDBOX_PATH_TEXT = 64 };

/* The path of its control plane: /_mock, or /_mock/sandboxes/ID. */
void sandbox_path(char out[SANDBOX_PATH_TEXT], const struct sandbox *sandbox);

/* Adds a holder; drops one. The main world needs none. */
void sandbox_hold(struct sandbox *sandbox);
void sandbox_release(struct sandbox *sandbox);

/* Notes a change of each of @changes, a set of bits 1U << TOPIC_CLOCK and so on. */
void sandbox_note(struct sandbox *sandbox, unsigned changes);

#endif
