/* A sandbox as the table of them has it: a record until its first use, then all that it serves
 * from. */
#ifndef MOCK_SANDBOX_BOXED_H
#define MOCK_SANDBOX_BOXED_H

#include "exchange/mock.h"
#include "sandbox/sandbox_world.h"
#include "support/buf.h"
#include "support/hash.h"
#include <heymarket/error.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* What all of them share. */
struct boxing {
    struct mock *mock;
    size_t journal;         /* exchanges that each keeps */
    pthread_mutex_t making; /* one is made ready at a time */
    pthread_mutex_t lock;   /* of those below: the expectations of sandboxes that ended */
    struct buf unmet;
    size_t unmet_count;
    bool had_expectations;
};

void boxing_init(struct boxing *boxing, struct mock *mock, size_t journal);
void boxing_fini(struct boxing *boxing);

/* A secret's ID or a contact's UUID of a sandbox that has a world of its own. */
struct boxed_name {
    struct boxed *owner;
    struct boxed_name *next; /* of the same owner */
    UT_hash_handle hh;
    char text[];
};

struct boxed {
    struct sandbox sandbox; /* first, so that it leads here */
    struct sandbox_record record;
    struct boxing *boxing;
    unsigned char tail[SANDBOX_TAIL_BYTES];
    unsigned long long serial; /* in the order of making */
    int64_t ends_us;           /* monotonic */
    atomic_bool is_ready;      /* what it serves from is there */
    struct boxed_name *names;  /* owned */
    struct boxed *next;        /* of those that have been taken out of the table */
    UT_hash_handle hh;
};

/* Takes the record over. Its one holder is the caller. NULL: out of memory. */
struct boxed *boxed_new(struct boxing *boxing, struct sandbox_record *record);

/* Makes what it serves from, at its first use. @boxed is NULL, or held by the caller: *sandbox
 * takes the hold over, and is NULL after a failure. HM_OK; HM_NO_MEMORY; what state_join() returns
 */
HM_MUST_USE enum hm_code boxed_open(struct sandbox **sandbox, struct boxed *boxed);

/* Was anything announced? */
bool boxed_was_expecting(struct boxed *boxed);

/* Appends what did not come true, after a "; " if there is something before it. Returns how much it
 * is. */
size_t boxed_unmet(struct buf *out, struct boxed *boxed);

#endif
