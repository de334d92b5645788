/* All that belongs to one world: what it serves from, and what is kept of its requests. */
#ifndef MOCK_EXCHANGE_SANDBOX_H
#define MOCK_EXCHANGE_SANDBOX_H

#include "store/state.h"

struct counts;
struct expected;
struct journal;

struct sandbox {
    struct state_slot slot; /* what can be replaced while it serves */
    struct counts *counts;
    struct journal *journal;   /* NULL: there is no journal */
    struct expected *expected; /* refusals that tests want; NULL in some tests */
};

#endif
