/* The last exchanges, redacted, for whoever asks afterwards [design 7]: a ring, bounded in
 * exchanges and in bytes. What falls out of it is counted.
 *
 * Under load it must not be noticed: an entry is made without a lock and never changes, its place
 * in the ring is a pointer under a lock held for a moment. Whoever reads holds entries, and makes
 * JSON of them after the lock is given back. All of it is safe for threads. */
#ifndef MOCK_JOURNAL_JOURNAL_H
#define MOCK_JOURNAL_JOURNAL_H

#include "support/buf.h"
#include "support/text.h"
#include <heymarket/finding.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    JOURNAL_BYTES_MAX = 16 * 1024 * 1024, /* of all entries [design 10] */
    JOURNAL_ENTRIES_MAX = 1000000
};

struct exchange;
struct journal;

/* An exchange that has its answer, redacted. Texts are in the same memory. */
struct journal_entry {
    atomic_uint holders;
    bool has_team, is_body_whole;
    size_t bytes;               /* all of it */
    struct journal_entry *next; /* of those on their way out; NULL as long as it is kept */
    int64_t time_s;             /* the mock's clock */
    int64_t at_us;              /* monotonic, since the mock started */
    int64_t us;
    int64_t team_id;
    int status;
    char request_id[UUID_TEXT];
    char contact[UUID_TEXT]; /* in lower case; "" where the path named none */
    const char *method;      /* as shown; "-" where there was no telling */
    const char *path;
    const char *findings; /* JSON */
    const char *token;    /* ,"header":…,"claims":… */
    const char *body;     /* JSON */
    const char *fault;    /* JSON */
    size_t mistake_count;
    unsigned short mistakes[HM_FINDINGS_MAX]; /* enum hm_mistake, in the order of its findings */
    char texts[];
};

/* Appends {"v":1,"request_id":…}, an exchange [design 5]; a line of the log has no body. */
void journal_entry_write(struct buf *out, const struct journal_entry *entry, bool with_body);

/* The same as a tree, with the body; a new reference. NULL: out of memory. */
json_t *journal_entry_tree(const struct journal_entry *entry);

/* Keeps up to @exchanges; 0: none, and counts them as dropped. NULL: out of memory. */
struct journal *journal_new(size_t exchanges);
void journal_free(struct journal *journal);

/* Keeps @entry, which is taken over; the oldest ones make room. NULL: there was no memory for it,
 * and it counts as dropped. */
void journal_put(struct journal *journal, struct journal_entry *entry);

/* The same, but hands back one that made room and that nobody holds: its memory may serve the next
 * entry, else free() it. NULL: there is none. */
struct journal_entry *journal_trade(struct journal *journal, struct journal_entry *entry);

/* Does it keep any at all? */
bool journal_keeps(const struct journal *journal);

/* Forgets all entries, and how many were dropped. Returns how many it had. */
size_t journal_clear(struct journal *journal);

/* Exchanges that it had to let go, or could not keep, since it was cleared. NULL has none. */
unsigned long long journal_dropped(struct journal *journal);

/* What was there at one moment: the entries, the oldest first, held for the caller. */
struct journal_view {
    struct journal_entry **at;
    size_t count;
    unsigned long long dropped; /* before that moment */
};

/* Takes a view; journal_view_fini() it. False: out of memory. A NULL journal is empty. */
__attribute__((warn_unused_result)) bool journal_view_take(struct journal_view *view,
                                                           struct journal *journal);
void journal_view_fini(struct journal_view *view);

/* Calls @each for every entry, the oldest first; the entry is lent for the call. False: out of
 * memory, and nothing was called. */
typedef void (*journal_each_fn)(const struct journal_entry *entry, void *context);
__attribute__((warn_unused_result)) bool journal_each(struct journal *journal, journal_each_fn each,
                                                      void *context);

#endif
