/* The loaded world: teams, secrets, contacts, their names and first channels. One thread fills it
 * (world.c); once it is closed it never changes, and stores share it. */
#ifndef MOCK_STORE_DIRECTORY_H
#define MOCK_STORE_DIRECTORY_H

#include "store/channel_list.h"
#include "support/buf.h"
#include "support/hash.h"
#include "support/uuid.h"
#include <heymarket/error.h>
#include <heymarket/token.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mask;

struct contact {
    unsigned char uuid[UUID_BYTES];
    int64_t contact_id;
    struct channel_list *loaded; /* NULL: none; most contacts of a big world have none */
    uint32_t team, index;
    UT_hash_handle hh;            /* by uuid */
    UT_hash_handle by_contact_id; /* only while filling */
};

struct contact_name {
    struct contact *contact;
    UT_hash_handle hh;
    char name[];
};

enum { INBOXES_BYTES_MAX = 16 * 1024 * 1024 }; /* of one team, as text */

/* An id that is taken, of a channel or an inbox. */
struct taken_id {
    int64_t id;
    UT_hash_handle hh;
};

struct world_team {
    int64_t team_id;
    struct buf inboxes; /* "[{...},{...}", without the closing bracket; empty: there are none */
};

/* The teams of secrets or legacy keys, by index. */
struct owners {
    uint32_t *team;
    size_t count, capacity;
};

/* While a world is read on top of what a database keeps of it: is called with each team and
 * contact. What is kept already, below these counts, is skipped. */
struct directory_watch {
    size_t teams, contacts;
    enum hm_code (*team)(struct directory_watch *watch, size_t team, json_t *object,
                         struct hm_error *err);
    enum hm_code (*contact)(struct directory_watch *watch, const struct contact *contact,
                            int64_t team_id, json_t *object, struct hm_error *err);
};

struct directory {
    atomic_uint holders;
    struct world_team *teams;
    struct contact **contacts;
    struct hm_secrets *secrets;
    struct mask *mask; /* of the secrets, once it is closed */
    struct owners of_secrets, of_legacy_keys;
    size_t team_count, contact_count, team_capacity, contact_capacity;
    struct contact *by_uuid, *by_contact_id;
    struct contact_name *names;
    struct taken_id *channel_ids, *inbox_ids; /* only while filling */
    int64_t next_channel_id;                  /* one more than the greatest loaded one */
    struct buf scratch;
    struct directory_watch *watch; /* NULL: nobody watches */
};

/* NULL: out of memory. directory_release() drops a hold; the last one frees it. NULL is fine. */
struct directory *directory_new(void);
void directory_release(struct directory *directory);

/* Filling. Indexes count from 0 in the order of adding. HM_BAD_ARGUMENT: it exists already. */
HM_MUST_USE enum hm_code directory_add_team(struct directory *directory, int64_t team_id,
                                            size_t *team, struct hm_error *err);
/* The index of a team that exists; the count of teams: there is none. */
size_t directory_find_team(const struct directory *directory, int64_t team_id);
/* The name is only for messages. */
HM_MUST_USE enum hm_code directory_name_team(struct directory *directory, size_t team,
                                             const char *name, struct hm_error *err);
HM_MUST_USE enum hm_code directory_add_secret(struct directory *directory, size_t team,
                                              const char *id, const char *key,
                                              struct hm_error *err);
HM_MUST_USE enum hm_code directory_add_legacy_key(struct directory *directory, size_t team,
                                                  const char *key, struct hm_error *err);
/* @uuid must be valid; @contact is borrowed from the directory. */
HM_MUST_USE enum hm_code directory_add_contact(struct directory *directory, size_t team,
                                               const char *uuid, int64_t contact_id,
                                               struct contact **contact, struct hm_error *err);
/* Gives the contact that was added last the name by which fault rules and cases refer to it. */
HM_MUST_USE enum hm_code directory_name_contact(struct directory *directory, const char *name,
                                                struct hm_error *err);
/* Adds a channel that the contact has from the start; team_id and contact_id of @fields are set. */
HM_MUST_USE enum hm_code directory_load_channel(struct directory *directory,
                                                struct contact *contact,
                                                struct channel_fields *fields,
                                                struct hm_error *err);

/* Adds an inbox, an object that is answered as it is [N1]. HM_BAD_INPUT: past INBOXES_BYTES_MAX */
HM_MUST_USE enum hm_code directory_add_inbox(struct directory *directory, size_t team, int64_t id,
                                             const json_t *inbox, struct hm_error *err);

/* Ends filling: frees what only its checks needed, and makes the mask. */
HM_MUST_USE enum hm_code directory_close(struct directory *directory, struct hm_error *err);

/* NULL: there is none. Borrowed. */
struct contact *directory_find_uuid(const struct directory *directory,
                                    const unsigned char uuid[UUID_BYTES]);
struct contact *directory_find_named(const struct directory *directory, const char *name);

size_t contact_place(const struct contact *contact); /* its index */

size_t contact_team(const struct contact *contact);
int64_t contact_integer_id(const struct contact *contact); /* contact_id of an answer [R2] */
void contact_uuid(char out[UUID_TEXT], const struct contact *contact); /* in lower case */
bool contact_was_empty(const struct contact *contact); /* loaded without a channel */

#endif
