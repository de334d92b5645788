/* The last exchanges, masked: a ring that is bounded in exchanges and in bytes. What drops out of
 * it is counted.
 *
 * It must not slow requests down: an entry is made without a lock and never changes, and is put
 * into the ring under a lock that is held for a moment. Readers hold entries, and make JSON of them
 * without the lock. Safe for threads. */
#ifndef MOCK_JOURNAL_JOURNAL_H
#define MOCK_JOURNAL_JOURNAL_H

#include "contract/mask.h"
#include "support/buf.h"
#include "support/uuid.h"
#include <heymarket/finding.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    JOURNAL_BYTES_MAX = 16 * 1024 * 1024,      /* of all entries */
    JOURNAL_LEFT_BYTES_MAX = 16 * 1024 * 1024, /* of those that dropped out and are being read */
    JOURNAL_ENTRIES_MAX = 1000000
};

struct exchange;
struct journal;

/* Texts of an entry. All but the method and the path are JSON. */
enum entry_text {
    ENTRY_METHOD, /* "-": unknown */
    ENTRY_PATH,
    ENTRY_FINDINGS,
    ENTRY_TOKEN, /* ,"header":...,"claims":... */
    ENTRY_BODY,
    ENTRY_FAULT,
    ENTRY_WATCHED, /* ,"age_s":...,"answer":...; "": no page was open */
    ENTRY_TEXTS
};

/* An exchange that has its answer, masked. */
struct journal_entry {
    atomic_uint holders;
    struct mask_keys *keys; /* of its time, held while it is in the journal; NULL: none */
    bool has_team, is_body_whole;
    size_t bytes;               /* all of it */
    struct journal_entry *next; /* of those that leave the ring together */
    int64_t time_s;             /* the mock's clock */
    int64_t at_us;              /* monotonic, since the mock started */
    int64_t us;
    int64_t team_id;
    int status;
    char request_id[UUID_TEXT];
    char contact[UUID_TEXT];       /* in lower case; "": the path had none, or a key */
    char sandbox[UUID_TEXT];       /* its id; "": the main world */
    const char *operation;         /* a static string, "channel_create"; NULL: none */
    const char *text[ENTRY_TEXTS]; /* in @texts, once it is in the journal */
    size_t mistake_count;
    unsigned short mistakes[HM_FINDINGS_MAX]; /* enum hm_mistake, in the order of its findings */
    char texts[];
};

/* Appends {"v":1,"request_id":...}; a line of the log has no body. */
void journal_entry_write(struct buf *out, const struct journal_entry *entry, bool with_body);

/* The same as a tree, with the body; a new reference. NULL: out of memory. */
json_t *journal_entry_tree(const struct journal_entry *entry);

/* Keeps up to @exchanges; with 0 all count as dropped. NULL: out of memory. */
struct journal *journal_new(size_t exchanges);
void journal_free(struct journal *journal);

/* Keeps @entry, which it takes over; the oldest ones make way. NULL counts as dropped: there was no
 * memory for it. Returns an entry that made way and has no other holder: its memory may serve for
 * the next entry, else free() it. NULL: there is none. */
struct journal_entry *journal_put(struct journal *journal, struct journal_entry *entry);

bool journal_keeps(const struct journal *journal);

/* Forgets all entries, and how many were dropped. Returns how many it had. */
size_t journal_clear(struct journal *journal);

/* Exchanges that dropped out or could not be kept since it was cleared. NULL has none. */
unsigned long long journal_dropped(struct journal *journal);

/* Reads the entries of one moment, the newest first, one at a time and without copying them: what
 * drops out meanwhile is left for the reader. That is limited for all readers together, so one that
 * is very slow loses the oldest entries, and learns it. */
struct journal_reading {
    struct journal *journal;                /* NULL: none */
    unsigned long long from;                /* serial number of the oldest entry of that moment */
    unsigned long long end;                 /* one more than that of the newest one */
    unsigned long long stop, next;          /* to be read: those before @next, down to @stop */
    unsigned long long dropped;             /* before that moment */
    struct journal_reading *before, *after; /* the other readers */
};

enum journal_read { JOURNAL_ENTRY, JOURNAL_END, JOURNAL_LOST };

/* Begins to read; journal_read_end() it, and leave @reading where it is until then. A NULL journal
 * is empty. */
void journal_read_begin(struct journal_reading *reading, struct journal *journal);

/* Fills *entry, which the caller gives back with journal_release(); NULL at the end, and where the
 * entry was lost. */
enum journal_read journal_read(struct journal_reading *reading, struct journal_entry **entry);

/* Starts again from the newest entry, and ends before the one that was read last. */
void journal_read_again(struct journal_reading *reading);
void journal_read_end(struct journal_reading *reading);

/* One who reads forward, as entries come, and holds none of them meanwhile. */
struct journal_follower {
    unsigned long long next;    /* serial number of the next entry */
    unsigned long long cleared; /* those before were forgotten by journal_clear() */
};

/* After the entry @after, or, if the journal never had that one, from the oldest one on: then it
 * returns false. NULL has no entries. */
bool journal_follow_begin(struct journal_follower *follower, struct journal *journal,
                          unsigned long long after);

enum { JOURNAL_NEWS_MAX = 256 };
struct journal_news {
    bool was_cleared;        /* since the follower looked last */
    unsigned long long lost; /* entries that dropped out before the follower could read them */
    size_t count;
    struct journal_entry *at[JOURNAL_NEWS_MAX]; /* the oldest first, from follower->next on */
};

/* Looks for entries, which the caller gives back with journal_release(). The follower moves past
 * what was cleared or lost; past those it has read the caller moves it. */
void journal_follow(struct journal_news *news, struct journal *journal,
                    struct journal_follower *follower);

/* Gives up a hold on an entry; the last one frees it. */
void journal_release(struct journal_entry *entry);

/* The entries at one moment, the oldest first, held for the caller. */
struct journal_view {
    struct journal_entry **at;
    size_t count;
    unsigned long long dropped; /* before that moment */
};

/* Takes a view; journal_view_fini() it. False: out of memory. A NULL journal is empty. */
__attribute__((warn_unused_result)) bool journal_view_take(struct journal_view *view,
                                                           struct journal *journal);
/* Adds the entries of another journal, in the order of time. */
__attribute__((warn_unused_result)) bool journal_view_add(struct journal_view *view,
                                                          struct journal *journal);
void journal_view_fini(struct journal_view *view);

#endif
