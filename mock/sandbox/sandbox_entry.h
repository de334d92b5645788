/* A sandbox as the table of them has it: a record until its first use, then all that it serves
 * from. */
#ifndef MOCK_SANDBOX_SANDBOX_ENTRY_H
#define MOCK_SANDBOX_SANDBOX_ENTRY_H

#include "exchange/mock.h"
#include "sandbox/sandbox_world.h"
#include "support/buf.h"
#include "support/hash.h"
#include <heymarket/error.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* What all of them share. */
struct sandbox_common {
    struct mock *mock;
    size_t journal;         /* exchanges that each keeps */
    pthread_mutex_t making; /* one is made ready at a time */
    pthread_mutex_t lock;   /* of those below: the expectations of sandboxes that ended */
    struct buf unmet;
    size_t unmet_count;
    bool had_expectations;
};

void sandbox_common_init(struct sandbox_common *common, struct mock *mock, size_t journal);
void sandbox_common_fini(struct sandbox_common *common);

/* A secret ID or contact UUID of a sandbox whose world was sent. */
struct entry_name {
    struct sandbox_entry *owner;
    struct entry_name *next; /* of the same owner */
    UT_hash_handle hh;
    char text[];
};

struct sandbox_entry {
    struct sandbox sandbox; /* first, so that it leads here */
    struct sandbox_record record;
    struct sandbox_common *common;
    unsigned char tail[SANDBOX_TAIL_BYTES];
    unsigned long long serial;  /* in the order of making */
    int64_t ends_us;            /* monotonic */
    atomic_bool is_ready;       /* what it serves from is there */
    struct entry_name *names;   /* owned */
    struct sandbox_entry *next; /* of those that have been taken out of the table */
    UT_hash_handle hh;
};

/* Takes the record over. Its one holder is the caller. NULL: out of memory. */
struct sandbox_entry *sandbox_entry_new(struct sandbox_common *common,
                                        struct sandbox_record *record);

/* Makes what it serves from, at its first use. @entry is NULL, or held by the caller: *sandbox
 * takes the hold over, and is NULL after a failure. HM_OK; HM_NO_MEMORY; what state_join() returns
 */
HM_MUST_USE enum hm_code sandbox_entry_open(struct sandbox **sandbox, struct sandbox_entry *entry);

/* Was anything announced? */
bool sandbox_entry_was_expecting(struct sandbox_entry *entry);

/* Appends what did not come true, after a "; " if there is something before it. Returns how much it
 * is. */
size_t sandbox_entry_unmet(struct buf *out, struct sandbox_entry *entry);

#endif
