#include "store/store.h"

#include "contract/mask.h"
#include "contract/secrets.h"
#include "support/hash.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/uuid.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Shorter chains than uthash's 10: in a big world each of their elements is a cache miss. Much
 * smaller is harmful: uthash doubles its buckets whenever one chain reaches this length. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 7U

enum { STORE_LOCKS = 64, CONTACTS_OF_BIG_WORLD = 10000 };

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

struct channel_id {
    int64_t id;
    UT_hash_handle hh;
};

/* The teams of secrets or legacy keys, by index. */
struct owners {
    uint32_t *team;
    size_t count, capacity;
};

/* The loaded world: shared by stores, never changed once it is closed. */
struct directory {
    atomic_uint holders;
    int64_t *teams; /* their team_id */
    struct contact **contacts;
    struct hm_secrets *secrets;
    struct mask *mask; /* of the secrets, once it is closed */
    struct owners of_secrets, of_legacy_keys;
    size_t team_count, contact_count, team_capacity, contact_capacity;
    struct contact *by_uuid, *by_contact_id;
    struct contact_name *names;
    struct channel_id *channel_ids; /* only while filling */
    int64_t next_channel_id;        /* one more than the greatest loaded one */
    struct buf scratch;
};

struct store {
    atomic_uint holders;
    struct directory *directory;
    struct channel_list **lists; /* by contact; NULL: as it was loaded */
    atomic_llong next_channel_id;
    pthread_mutex_t locks[STORE_LOCKS];
};

static void channel_ids_free(struct directory *directory)
{
    struct channel_id *id = directory->channel_ids, *next;

    HASH_CLEAR(hh, directory->channel_ids);
    for (; id != NULL; id = next) {
        next = id->hh.next;
        free(id);
    }
}

static void names_free(struct directory *directory)
{
    struct contact_name *name = directory->names, *next;

    HASH_CLEAR(hh, directory->names);
    for (; name != NULL; name = next) {
        next = name->hh.next;
        free(name);
    }
}

static void directory_release(struct directory *directory)
{
    if (directory == NULL ||
        atomic_fetch_sub_explicit(&directory->holders, 1, memory_order_acq_rel) != 1)
        return;
    HASH_CLEAR(hh, directory->by_uuid);
    HASH_CLEAR(by_contact_id, directory->by_contact_id);
    channel_ids_free(directory);
    names_free(directory);
    for (size_t i = 0; i < directory->contact_count; i++) {
        channel_list_free(directory->contacts[i]->loaded);
        free(directory->contacts[i]);
    }
    hm_secrets_free(directory->secrets);
    mask_free(directory->mask);
    buf_fini(&directory->scratch);
    free(directory->of_secrets.team);
    free(directory->of_legacy_keys.team);
    free(directory->contacts);
    free(directory->teams);
    free(directory);
}

/* NULL: out of memory. */
static struct directory *directory_new(void)
{
    struct directory *directory = calloc(1, sizeof *directory);

    if (directory == NULL)
        return NULL;
    atomic_init(&directory->holders, 1);
    directory->next_channel_id = 1;
    buf_init(&directory->scratch, CHANNEL_LIST_BYTES_MAX);
    if (hm_secrets_new(&directory->secrets, NULL) == HM_OK)
        return directory;
    directory_release(directory);
    return NULL;
}

/* A store of @directory, whose hold it takes over even when it fails. NULL: out of memory. */
static struct store *store_of(struct directory *directory)
{
    struct store *store = calloc(1, sizeof *store);

    if (store == NULL) {
        directory_release(directory);
        return NULL;
    }
    atomic_init(&store->holders, 1);
    store->directory = directory;
    for (size_t i = 0; i < STORE_LOCKS; i++)
        pthread_mutex_init(&store->locks[i], NULL);
    return store;
}

enum hm_code store_new(struct store **store, struct hm_error *err)
{
    struct directory *directory = directory_new();

    *store = directory == NULL ? NULL : store_of(directory);
    return *store == NULL ? no_memory(err) : HM_OK;
}

struct store *store_hold(struct store *store)
{
    if (store != NULL)
        atomic_fetch_add_explicit(&store->holders, 1, memory_order_relaxed);
    return store;
}

void store_free(struct store *store)
{
    if (store == NULL || atomic_fetch_sub_explicit(&store->holders, 1, memory_order_acq_rel) != 1)
        return;

    size_t contacts = store->directory->contact_count;

    for (size_t i = 0; store->lists != NULL && i < contacts; i++)
        channel_list_free(store->lists[i]);
    for (size_t i = 0; i < STORE_LOCKS; i++)
        pthread_mutex_destroy(&store->locks[i]);
    directory_release(store->directory);
    free(store->lists);
    free(store);
#ifdef __GLIBC__
    /* The C library keeps what a thread has freed for that thread: each would come to hold as much
     * as was ever written between two resets. */
    if (contacts >= CONTACTS_OF_BIG_WORLD)
        malloc_trim(0);
#endif
}

/* The array with space for one more element of @size bytes; NULL: out of memory, @array stays. */
static void *array_grow(void *array, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    void *bigger;

    if (count < *capacity)
        return array;
    if (count >= UINT32_MAX || wanted > SIZE_MAX / size)
        return NULL;
    bigger = realloc(array, wanted * size);
    if (bigger != NULL)
        *capacity = wanted;
    return bigger;
}

enum hm_code store_add_team(struct store *store, int64_t team_id, size_t *team,
                            struct hm_error *err)
{
    struct directory *directory = store->directory;
    int64_t *teams = array_grow(directory->teams, directory->team_count, &directory->team_capacity,
                                sizeof *teams);

    if (teams == NULL)
        return no_memory(err);
    directory->teams = teams;
    for (size_t i = 0; i < directory->team_count; i++) {
        if (teams[i] == team_id)
            return hm_error_set(err, HM_BAD_ARGUMENT, "duplicate team_id %" PRId64, team_id);
    }
    *team = directory->team_count++;
    teams[*team] = team_id;
    return HM_OK;
}

enum hm_code store_name_team(struct store *store, size_t team, const char *name,
                             struct hm_error *err)
{
    struct directory *directory = store->directory;

    return secrets_add_team(directory->secrets, directory->teams[team], name, err);
}

/* Makes room for one more. False: out of memory. */
static bool owners_reserve(struct owners *owners)
{
    uint32_t *grown = array_grow(owners->team, owners->count, &owners->capacity, sizeof *grown);

    if (grown != NULL)
        owners->team = grown;
    return grown != NULL;
}

enum hm_code store_add_secret(struct store *store, size_t team, const char *id, const char *key,
                              struct hm_error *err)
{
    enum hm_code code;
    struct owners *owners = &store->directory->of_secrets;

    if (!owners_reserve(owners))
        return no_memory(err);
    TRY(hm_secrets_add(store->directory->secrets, id, key, err));
    owners->team[owners->count++] = (uint32_t)team;
out:
    return code;
}

enum hm_code store_add_legacy_key(struct store *store, size_t team, const char *key,
                                  struct hm_error *err)
{
    enum hm_code code;
    struct owners *owners = &store->directory->of_legacy_keys;

    if (!owners_reserve(owners))
        return no_memory(err);
    TRY(hm_secrets_add_legacy_key(store->directory->secrets, key, err));
    owners->team[owners->count++] = (uint32_t)team;
out:
    return code;
}

static struct contact *uuid_find(const struct directory *directory,
                                 const unsigned char uuid[UUID_BYTES])
{
    struct contact *found = NULL;

    HASH_FIND(hh, directory->by_uuid, uuid, UUID_BYTES, found);
    return found;
}

static struct contact *contact_id_find(const struct directory *directory, int64_t contact_id)
{
    struct contact *found = NULL;

    HASH_FIND(by_contact_id, directory->by_contact_id, &contact_id, sizeof contact_id, found);
    return found;
}

/* Adds a contact to both tables. False: out of memory, and it is in neither. */
static bool contact_index(struct directory *directory, struct contact *contact)
{
    HASH_ADD(hh, directory->by_uuid, uuid, UUID_BYTES, contact);
    if (contact->hh.tbl == NULL)
        return false;
    HASH_ADD(by_contact_id, directory->by_contact_id, contact_id, sizeof contact->contact_id,
             contact);
    if (contact->by_contact_id.tbl != NULL)
        return true;
    HASH_DELETE(hh, directory->by_uuid, contact);
    return false;
}

enum hm_code store_add_contact(struct store *store, size_t team, const char *uuid,
                               int64_t contact_id, struct contact **contact, struct hm_error *err)
{
    struct directory *directory = store->directory;
    struct contact **contacts = array_grow(directory->contacts, directory->contact_count,
                                           &directory->contact_capacity, sizeof *contacts);
    unsigned char bytes[UUID_BYTES];
    struct contact *added;

    if (contacts == NULL)
        return no_memory(err);
    directory->contacts = contacts;
    if (!uuid_read(bytes, uuid, strlen(uuid)))
        return hm_error_set(err, HM_BAD_ARGUMENT, "%s is not a UUID", uuid);
    if (uuid_find(directory, bytes) != NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT, "duplicate uuid %s", uuid);
    if (contact_id_find(directory, contact_id) != NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT, "duplicate contact_id %" PRId64, contact_id);
    added = calloc(1, sizeof *added);
    if (added == NULL)
        return no_memory(err);
    memcpy(added->uuid, bytes, UUID_BYTES);
    added->contact_id = contact_id;
    added->team = (uint32_t)team;
    added->index = (uint32_t)directory->contact_count;
    if (!contact_index(directory, added)) {
        free(added);
        return no_memory(err);
    }
    contacts[directory->contact_count++] = added;
    *contact = added;
    return HM_OK;
}

static struct contact *find_named(const struct store *store, const char *name)
{
    struct contact_name *found = NULL;

    HASH_FIND(hh, store->directory->names, name, strlen(name), found);
    return found == NULL ? NULL : found->contact;
}

enum hm_code store_name_contact(struct store *store, const char *name, struct hm_error *err)
{
    struct directory *directory = store->directory;
    size_t length = strlen(name);
    struct contact_name *added;

    if (find_named(store, name) != NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT, "duplicate name %s", name);
    added = malloc(sizeof *added + length + 1);
    if (added == NULL)
        return no_memory(err);
    added->contact = directory->contacts[directory->contact_count - 1];
    memcpy(added->name, name, length + 1);
    HASH_ADD_KEYPTR(hh, directory->names, added->name, length, added);
    if (added->hh.tbl != NULL)
        return HM_OK;
    free(added);
    return no_memory(err);
}

/* HM_BAD_ARGUMENT: another channel has this id. */
static enum hm_code channel_id_add(struct directory *directory, int64_t id, struct hm_error *err)
{
    struct channel_id *added = NULL;

    HASH_FIND(hh, directory->channel_ids, &id, sizeof id, added);
    if (added != NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT, "duplicate id %" PRId64, id);
    added = malloc(sizeof *added);
    if (added == NULL)
        return no_memory(err);
    added->id = id;
    HASH_ADD(hh, directory->channel_ids, id, sizeof added->id, added);
    if (added->hh.tbl == NULL) {
        free(added);
        return no_memory(err);
    }
    if (id >= directory->next_channel_id)
        directory->next_channel_id = id + 1;
    return HM_OK;
}

enum hm_code store_load_channel(struct store *store, struct contact *contact,
                                struct channel_fields *fields, struct hm_error *err)
{
    struct directory *directory = store->directory;
    enum hm_code code;

    if (contact->loaded == NULL)
        contact->loaded = channel_list_new();
    if (contact->loaded == NULL)
        return no_memory(err);
    TRY(channel_id_add(directory, fields->id, err));
    fields->team_id = directory->teams[contact->team];
    fields->contact_id = contact->contact_id;
    if (channel_list_append(contact->loaded, fields, &directory->scratch) != HM_OK)
        TRY(no_memory(err));
out:
    return code;
}

/* Begins serving: every contact is as it was loaded. */
static enum hm_code store_begin(struct store *store, struct hm_error *err)
{
    size_t count = store->directory->contact_count;

    store->lists = calloc(count == 0 ? 1 : count, sizeof(struct channel_list *));
    if (store->lists == NULL)
        return no_memory(err);
    atomic_store(&store->next_channel_id, store->directory->next_channel_id);
    return HM_OK;
}

enum hm_code store_close(struct store *store, struct hm_error *err)
{
    struct directory *directory = store->directory;

    HASH_CLEAR(by_contact_id, directory->by_contact_id);
    channel_ids_free(directory);
    buf_fini(&directory->scratch);
    for (size_t i = 0; i < directory->contact_count; i++) {
        if (directory->contacts[i]->loaded != NULL)
            channel_list_seal(directory->contacts[i]->loaded);
    }
    directory->mask = mask_new(directory->secrets);
    return directory->mask == NULL ? no_memory(err) : store_begin(store, err);
}

enum hm_code store_fresh(struct store **fresh, const struct store *store, struct hm_error *err)
{
    enum hm_code code;

    atomic_fetch_add_explicit(&store->directory->holders, 1, memory_order_relaxed);
    *fresh = store_of(store->directory);
    code = *fresh == NULL ? no_memory(err) : store_begin(*fresh, err);
    if (code != HM_OK) {
        store_free(*fresh);
        *fresh = NULL;
    }
    return code;
}

void store_mask_error(const struct store *store, struct hm_error *err)
{
    struct mask *mask = err == NULL ? NULL : mask_new(store->directory->secrets);
    const struct masking masking = { .mask = mask };

    if (mask != NULL)
        mask_overwrite(&masking, err->text, strlen(err->text));
    else if (err != NULL)
        hm_error_set(err, err->code, "out of memory");
    mask_free(mask);
}

enum hm_code store_remember_keys(struct store *store, const struct store *earlier,
                                 struct hm_error *err)
{
    struct mask *mask = mask_new_after(store->directory->mask, earlier->directory->mask);

    if (mask == NULL)
        return no_memory(err);
    mask_free(store->directory->mask);
    store->directory->mask = mask;
    return HM_OK;
}

const struct hm_secrets *store_secrets(const struct store *store)
{
    return store->directory->secrets;
}

const struct mask *store_mask(const struct store *store)
{
    return store->directory->mask;
}

size_t store_team_count(const struct store *store)
{
    return store->directory->team_count;
}

size_t store_contact_count(const struct store *store)
{
    return store->directory->contact_count;
}

size_t store_secret_count(const struct store *store)
{
    return store->directory->of_secrets.count;
}

size_t store_legacy_count(const struct store *store)
{
    return store->directory->of_legacy_keys.count;
}

size_t store_secret_team(const struct store *store, size_t secret)
{
    return store->directory->of_secrets.team[secret];
}

size_t store_team_of(const struct store *store, const struct hm_verdict *verdict)
{
    const struct owners *owners =
        verdict->is_legacy ? &store->directory->of_legacy_keys : &store->directory->of_secrets;

    return owners->team[verdict->secret];
}

int64_t store_team_id(const struct store *store, size_t team)
{
    return store->directory->teams[team];
}

struct contact *store_find(const struct store *store, const char *uuid)
{
    unsigned char bytes[UUID_BYTES];

    return uuid_read(bytes, uuid, strlen(uuid)) ? uuid_find(store->directory, bytes) : NULL;
}

bool store_uuid_of(char out[UUID_TEXT], const struct store *store, const char *text)
{
    const struct contact *contact;

    if (uuid_is_valid(text, strlen(text))) {
        uuid_lower(out, text);
        return true;
    }
    contact = find_named(store, text);
    if (contact != NULL)
        contact_uuid(out, contact);
    return contact != NULL;
}

void store_names_each(const struct store *store,
                      bool (*each)(void *to, const char *name, const struct contact *contact),
                      void *to)
{
    const struct contact_name *name = store->directory->names;

    while (name != NULL && each(to, name->name, name->contact))
        name = name->hh.next;
}

const struct contact *store_contact_at(const struct store *store, size_t index)
{
    return store->directory->contacts[index];
}

void contact_uuid(char out[UUID_TEXT], const struct contact *contact)
{
    for (size_t i = 0; i < UUID_BYTES; i++) {
        bool has_dash = i == 4 || i == 6 || i == 8 || i == 10;

        out += snprintf(out, 4, "%s%02x", has_dash ? "-" : "", contact->uuid[i]);
    }
}

size_t contact_place(const struct contact *contact)
{
    return contact->index;
}

size_t contact_team(const struct contact *contact)
{
    return contact->team;
}

int64_t contact_integer_id(const struct contact *contact)
{
    return contact->contact_id;
}

bool contact_was_empty(const struct contact *contact)
{
    return contact->loaded == NULL;
}

/* The list to append to; at the first write it continues from what was loaded. NULL: out of memory.
 */
static struct channel_list *list_to_change(struct channel_list **list,
                                           const struct contact *contact)
{
    if (*list == NULL)
        *list = contact->loaded == NULL ? channel_list_new() : channel_list_share(contact->loaded);
    return *list;
}

/* Under the contact's lock. */
static enum hm_code append(struct store *store, const struct contact *contact,
                           struct channel_list *channels, const struct channel_values *values,
                           const struct clock *clock, struct buf *scratch)
{
    char now[CLOCK_UTC_TEXT];
    struct channel_fields fields = { .id = atomic_fetch_add(&store->next_channel_id, 1),
                                     .team_id = store->directory->teams[contact->team],
                                     .contact_id = contact->contact_id,
                                     .values = values,
                                     .info_channel = "",
                                     .channel_handle = "",
                                     .created = now,
                                     .updated = now };

    clock_utc(now, clock_now_s(clock));
    return channel_list_append(channels, &fields, scratch);
}

enum hm_code store_add_channel(struct store *store, struct contact *contact,
                               const struct channel_values *values, enum duplicate_rule rule,
                               const struct clock *clock, struct buf *scratch,
                               struct channel_view *view)
{
    pthread_mutex_t *lock = &store->locks[contact->index % STORE_LOCKS];
    const struct channel_identity identity = channel_identity_write(values, scratch);
    struct channel_list *channels;
    enum hm_code code = HM_OK;

    *view = (struct channel_view){ 0 };
    pthread_mutex_lock(lock);
    channels = list_to_change(&store->lists[contact->index], contact);
    if (channels == NULL)
        code = HM_NO_MEMORY;
    else if (rule == DUPLICATES_ARE_APPENDED || !channel_list_has(channels, &identity))
        code = append(store, contact, channels, values, clock, scratch);
    else if (rule == DUPLICATES_ARE_REJECTED)
        code = HM_REFUSED;
    if (code == HM_OK)
        *view = channel_list_view(channels);
    pthread_mutex_unlock(lock);
    return code;
}

void store_view(struct store *store, const struct contact *contact, struct channel_view *view)
{
    pthread_mutex_t *lock = &store->locks[contact->index % STORE_LOCKS];
    const struct channel_list *channels;

    *view = (struct channel_view){ 0 };
    pthread_mutex_lock(lock);
    channels = store->lists[contact->index];
    if (channels == NULL)
        channels = contact->loaded;
    if (channels != NULL)
        *view = channel_list_view(channels);
    pthread_mutex_unlock(lock);
}
