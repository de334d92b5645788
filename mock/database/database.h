/* Where state is kept besides memory, so that it lasts or is shared: contacts' channels, and for
 * each world a document of what the control plane changes. No database (NULL) means memory alone.
 *
 * A world is "" (the one that the mock was started with) or a sandbox's id. What is kept of a
 * world's contacts belongs to an epoch, which its document names; a reset begins the next one.
 * All calls are safe for threads. The store alone decides what a change is; a database compares the
 * version, sets, and counts the version up, all or nothing. */
#ifndef MOCK_DATABASE_DATABASE_H
#define MOCK_DATABASE_DATABASE_H

#include "support/buf.h"
#include "support/uuid.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;

enum database_result {
    DATABASE_DONE,
    DATABASE_SAME,     /* nothing is newer than what the caller has */
    DATABASE_CONFLICT, /* it is newer than what the caller has: read it and change it again */
    DATABASE_AWAY,     /* nothing was done; database_why() */
    DATABASE_UNKNOWN   /* a write whose answer was lost: it may have been done */
};

enum {
    DATABASE_WHY_BYTES = 256,
    DATABASE_DOCUMENT_BYTES_MAX = 16 * 1024 * 1024,
    DATABASE_FRESH = 0 /* the version of what was never written */
};

/* A contact of an epoch of a world. */
struct database_key {
    const char *world;
    int64_t epoch;
    unsigned char uuid[UUID_BYTES];
};

/* What the control plane changed. */
struct database_document {
    uint64_t version; /* in a write: the one that it was made from */
    int64_t epoch;    /* when a write changes it, what is kept of the earlier epochs goes away */
    int64_t ends_s;   /* Unix time, when the world ends by itself; 0: never */
    struct buf text;  /* JSON */
};

/* A rule that a request matches: see faults_due() in fault/fault.h. */
struct database_fault {
    size_t index; /* in its list of rules */
    int64_t nth, times;
    int64_t matched, done; /* so far */
};

/* Where counts are kept, in place of memory. A new generation counts from 0. */
struct database_counts {
    struct database *database; /* NULL: in memory */
    char world[UUID_TEXT];
    int64_t generation;
};

/* Is called with each world that has a document; false: no more of them. */
typedef bool (*database_world_fn)(void *context, const char *world,
                                  const struct database_document *document);

/* Is called with each line of the loaded world, which it takes before the next one, without a call
 * of the database; or gives the next one (false: there is no more). */
typedef enum hm_code (*database_line_fn)(void *context, const char *text, size_t length,
                                         struct hm_error *err);
typedef bool (*database_next_fn)(void *context, struct buf *line);

struct database_kind {
    const char *name; /* before the colon of --state */
    const char *spec; /* how it is written, for messages */
    bool is_shared;   /* other mocks may change it: documents are asked for again */

    /* @spec is all of what --state says. HM_BAD_ARGUMENT, HM_BAD_INPUT: what is wrong and what to
     * do; never a password. */
    enum hm_code (*open)(struct database **database, const char *spec, struct hm_error *err);
    void (*close)(struct database *database);

    /* What is wrong now; false: nothing is. */
    bool (*why)(struct database *database, char why[DATABASE_WHY_BYTES]);

    /* The same for checks of health: after a write that failed, another one is tried first. */
    bool (*check)(struct database *database, char why[DATABASE_WHY_BYTES]);

    /* DONE fills in @document, DATABASE_FRESH if there is none yet. SAME: document->version is the
     * latest, and nothing is changed. */
    enum database_result (*document_read)(struct database *database, const char *world,
                                          struct database_document *document);
    /* DONE: document->version is the new one. Text and epoch are written together. */
    enum database_result (*document_write)(struct database *database, const char *world,
                                           struct database_document *document);
    enum database_result (*worlds)(struct database *database, database_world_fn each,
                                   void *context);
    /* Removes a world and all that is kept of it. DONE also if there is none. */
    enum database_result (*world_drop)(struct database *database, const char *world);

    /* A contact's list, as channel_view_text() has it, "[{...},{...}" without the closing bracket;
     * "": it has become empty. SAME: *version is the latest. @id may be NULL; else it is the first
     * id of the world's channels, and becomes an id that nobody else is given in this epoch, also
     * when the answer is SAME. */
    enum database_result (*list_read)(struct database *database, const struct database_key *key,
                                      struct buf *text, uint64_t *version, int64_t *id);
    /* *version is the one before, and after DONE the new one. */
    enum database_result (*list_write)(struct database *database, const struct database_key *key,
                                       const char *text, size_t length, uint64_t *version);

    /* NULL where not shared. Admits a request at @now_us into the window of @key, or says in how
     * many seconds (0: it is admitted). */
    enum database_result (*limit_admit)(struct database *database, const char *world,
                                        int64_t generation, size_t key, int64_t now_us,
                                        int64_t requests, int64_t *wait_s);

    /* Counts a request for all of @rules, which it matches, and takes the turn of the first due
     * one; *due is its place in @rules, or @count. A new generation counts from 0. */
    enum database_result (*faults_count)(struct database *database, const char *world,
                                         int64_t generation, struct database_fault *rules,
                                         size_t count, size_t *due);
    /* Fills in @matched and @done of rules. */
    enum database_result (*faults_counts)(struct database *database, const char *world,
                                          int64_t generation, struct database_fault *rules,
                                          size_t count);

    /* The main world as it was loaded, line by line. A database that keeps it (NULL: it does not)
     * is served from what it keeps: see state.md. HM_OK also when there is none yet. Lines are
     * added all or none. */
    enum hm_code (*world_read)(struct database *database, database_line_fn line, void *context,
                               struct hm_error *err);
    enum hm_code (*world_add)(struct database *database, database_next_fn next, void *context,
                              struct hm_error *err);
    /* The id that the world's next channel gets; 0: none was given in this epoch. */
    enum database_result (*next_id)(struct database *database, const char *world, int64_t epoch,
                                    int64_t *next);
    /* Where the world is not kept: refuses a database that was used with another one. @digest is
     * a hash of all its lines, as text. NULL: not needed. */
    enum hm_code (*world_check)(struct database *database, const char *digest,
                                struct hm_error *err);
};

/* Each kind's object begins with this. */
struct database {
    const struct database_kind *kind;
};

/* Do other mocks write to it, too? NULL: no. */
static inline bool database_is_shared(const struct database *database)
{
    return database != NULL && database->kind->is_shared;
}

/* A call that could not be made as a code: HM_NOT_SENT, HM_OUTCOME_UNKNOWN. */
static inline enum hm_code database_code(enum database_result result)
{
    if (result == DATABASE_AWAY)
        return HM_NOT_SENT;
    return result == DATABASE_UNKNOWN ? HM_OUTCOME_UNKNOWN : HM_OK;
}

/* NULL is fine. */
static inline void database_close(struct database *database)
{
    if (database != NULL)
        database->kind->close(database);
}

#endif
