/* What the files of the store share: who is there (store_directory.c), and the channels as they
 * stand (store.c). */
#ifndef MOCK_STORE_STORE_PARTS_H
#define MOCK_STORE_STORE_PARTS_H

#include "store/name_set.h"
#include "store/store.h"
#include "store/table.h"
#include <pthread.h>
#include <stdatomic.h>

enum { STORE_LOCKS = 64 };

struct contact {
    unsigned char uuid[UUID_BYTES];
    int64_t contact_id;
    struct channel_list *loaded; /* NULL: none; most contacts of a big world have none */
    uint32_t team;
};

struct team {
    int64_t team_id;
};

/* Who is there, and with which channels they were loaded: shared by stores, never changed once it
 * is closed. */
struct directory {
    atomic_uint holders;
    struct team *teams;
    struct contact *contacts;
    struct hm_secrets *secrets;
    struct mask *mask;                     /* of the secrets, once it is closed */
    uint32_t *secret_teams, *legacy_teams; /* by index of secret and of legacy key */
    size_t team_count, contact_count, secret_count, legacy_count;
    size_t team_capacity, contact_capacity, secret_capacity, legacy_capacity;
    struct table by_uuid;
    struct name_set names;
    struct table by_contact_id; /* only while filling */
    struct table by_channel_id; /* the same: position in channel_ids */
    int64_t *channel_ids;
    size_t channel_id_count, channel_id_capacity;
    int64_t next_channel_id; /* past the greatest that was loaded */
    struct buf scratch;
};

struct store {
    atomic_uint holders;
    struct directory *directory;
    struct channel_list **lists; /* by contact; NULL: as it was loaded */
    atomic_llong next_channel_id;
    pthread_mutex_t locks[STORE_LOCKS];
};

/* NULL: out of memory. Gives up a hold, the last one frees it; NULL is fine. */
struct directory *directory_new(struct hm_error *err);
void directory_release(struct directory *directory);

/* Serving begins: every contact as it was loaded. */
HM_MUST_USE enum hm_code store_begin(struct store *store, struct hm_error *err);

#endif
