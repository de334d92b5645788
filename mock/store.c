#include "store.h"

#include "text.h"
#include "try.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { LOCKS = 64, UUID_BYTES = 16 };

struct contact {
    unsigned char uuid[UUID_BYTES];
    int64_t contact_id;
    struct channel_list *channels; /* NULL: none yet; most contacts of a big world have none */
    uint32_t team;
};

struct team {
    int64_t team_id;
};

struct store {
    struct team *teams;
    struct contact *contacts;
    struct hm_secrets *secrets;
    uint32_t *secret_teams, *legacy_teams; /* by index of secret and of legacy key */
    size_t team_count, contact_count, secret_count, legacy_count;
    size_t team_capacity, contact_capacity, secret_capacity, legacy_capacity;
    struct table by_uuid;
    struct table by_contact_id; /* only while filling */
    struct table by_channel_id; /* the same: position in channel_ids */
    int64_t *channel_ids;
    size_t channel_id_count, channel_id_capacity;
    atomic_llong next_channel_id;
    struct buf scratch;
    pthread_mutex_t locks[LOCKS];
};

enum hm_code store_new(struct store **store, struct hm_error *err)
{
    struct store *s = calloc(1, sizeof *s);
    enum hm_code code;

    *store = NULL;
    if (s == NULL)
        return hm_error_set(err, HM_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&s->locks[i], NULL);
    atomic_init(&s->next_channel_id, 1);
    buf_init(&s->scratch, CHANNEL_LIST_BYTES_MAX);
    code = hm_secrets_new(&s->secrets, err);
    if (code == HM_OK)
        *store = s;
    else
        store_free(s);
    return code;
}

void store_free(struct store *store)
{
    if (store == NULL)
        return;
    for (size_t i = 0; i < store->contact_count; i++) {
        if (store->contacts[i].channels != NULL)
            channel_list_fini(store->contacts[i].channels);
        free(store->contacts[i].channels);
    }
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&store->locks[i]);
    hm_secrets_free(store->secrets);
    table_fini(&store->by_uuid);
    table_fini(&store->by_contact_id);
    table_fini(&store->by_channel_id);
    buf_fini(&store->scratch);
    free(store->channel_ids);
    free(store->secret_teams);
    free(store->legacy_teams);
    free(store->contacts);
    free(store->teams);
    free(store);
}

static enum hm_code out_of_memory(struct hm_error *err)
{
    return hm_error_set(err, HM_NO_MEMORY, "out of memory");
}

/* The array with room for one more element of @size bytes; NULL: out of memory, @array stays. */
static void *room(void *array, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    void *bigger;

    if (count < *capacity)
        return array;
    if (count >= TABLE_NONE || wanted > SIZE_MAX / size)
        return NULL;
    bigger = realloc(array, wanted * size);
    if (bigger != NULL)
        *capacity = wanted;
    return bigger;
}

enum hm_code store_add_team(struct store *store, int64_t team_id, size_t *team,
                            struct hm_error *err)
{
    struct team *teams =
        room(store->teams, store->team_count, &store->team_capacity, sizeof *teams);

    if (teams == NULL)
        return out_of_memory(err);
    store->teams = teams;
    for (size_t i = 0; i < store->team_count; i++) {
        if (teams[i].team_id == team_id)
            return hm_error_set(err, HM_BAD_ARGUMENT, "team_id %" PRId64 " a second time", team_id);
    }
    *team = store->team_count++;
    teams[*team].team_id = team_id;
    return HM_OK;
}

enum hm_code store_add_secret(struct store *store, size_t team, const char *id, const char *key,
                              struct hm_error *err)
{
    enum hm_code code;
    uint32_t *teams =
        room(store->secret_teams, store->secret_count, &store->secret_capacity, sizeof *teams);

    if (teams == NULL)
        return out_of_memory(err);
    store->secret_teams = teams;
    TRY(hm_secrets_add(store->secrets, id, key, err));
    teams[store->secret_count++] = (uint32_t)team;
out:
    return code;
}

enum hm_code store_add_legacy_key(struct store *store, size_t team, const char *key,
                                  struct hm_error *err)
{
    enum hm_code code;
    uint32_t *teams =
        room(store->legacy_teams, store->legacy_count, &store->legacy_capacity, sizeof *teams);

    if (teams == NULL)
        return out_of_memory(err);
    store->legacy_teams = teams;
    TRY(hm_secrets_add_legacy_key(store->secrets, key, err));
    teams[store->legacy_count++] = (uint32_t)team;
out:
    return code;
}

/* The 16 bytes of a valid UUID's text. */
static void uuid_bytes(unsigned char out[UUID_BYTES], const char *text)
{
    for (size_t i = 0; i < UUID_BYTES; i++, text += 2) {
        if (*text == '-')
            text++;
        out[i] = (unsigned char)(hex_value(text[0]) * 16 + hex_value(text[1]));
    }
}

/* What a table's callback compares with: the array that values index, and the key. */
struct wanted {
    const struct store *store;
    const unsigned char *uuid;
    int64_t id;
};

static bool has_uuid(uint32_t at, const void *context)
{
    const struct wanted *wanted = context;

    return memcmp(wanted->store->contacts[at].uuid, wanted->uuid, UUID_BYTES) == 0;
}

static bool has_contact_id(uint32_t at, const void *context)
{
    const struct wanted *wanted = context;

    return wanted->store->contacts[at].contact_id == wanted->id;
}

static bool has_channel_id(uint32_t at, const void *context)
{
    const struct wanted *wanted = context;

    return wanted->store->channel_ids[at] == wanted->id;
}

enum hm_code store_add_contact(struct store *store, size_t team, const char *uuid,
                               int64_t contact_id, struct contact **contact, struct hm_error *err)
{
    struct contact *contacts =
        room(store->contacts, store->contact_count, &store->contact_capacity, sizeof *contacts);
    struct contact *added;
    struct wanted wanted = { .store = store, .id = contact_id };
    uint64_t uuid_hash, id_hash = table_hash(&contact_id, sizeof contact_id);
    uint32_t at = (uint32_t)store->contact_count;

    if (contacts == NULL)
        return out_of_memory(err);
    store->contacts = contacts;
    added = &contacts[at];
    *added = (struct contact){ .contact_id = contact_id, .team = (uint32_t)team };
    uuid_bytes(added->uuid, uuid);
    uuid_hash = table_hash(added->uuid, UUID_BYTES);
    wanted.uuid = added->uuid;
    if (table_find(&store->by_uuid, uuid_hash, has_uuid, &wanted) != TABLE_NONE)
        return hm_error_set(err, HM_BAD_ARGUMENT, "uuid %s a second time", uuid);
    if (table_find(&store->by_contact_id, id_hash, has_contact_id, &wanted) != TABLE_NONE)
        return hm_error_set(err, HM_BAD_ARGUMENT, "contact_id %" PRId64 " a second time",
                            contact_id);
    if (!table_add(&store->by_uuid, uuid_hash, at) ||
        !table_add(&store->by_contact_id, id_hash, at))
        return out_of_memory(err);
    store->contact_count++;
    *contact = added;
    return HM_OK;
}

/* The contact's list, made when the first channel comes. NULL: out of memory. */
static struct channel_list *channels_of(struct contact *contact)
{
    if (contact->channels == NULL)
        contact->channels = calloc(1, sizeof *contact->channels);
    return contact->channels;
}

enum hm_code store_load_channel(struct store *store, struct contact *contact,
                                struct channel_fields *fields, struct hm_error *err)
{
    uint64_t hash = table_hash(&fields->id, sizeof fields->id);
    struct wanted wanted = { .store = store, .id = fields->id };
    struct channel_list *channels = channels_of(contact);
    int64_t *ids =
        room(store->channel_ids, store->channel_id_count, &store->channel_id_capacity, sizeof *ids);

    if (ids != NULL)
        store->channel_ids = ids;
    if (ids == NULL || channels == NULL)
        return out_of_memory(err);
    if (table_find(&store->by_channel_id, hash, has_channel_id, &wanted) != TABLE_NONE)
        return hm_error_set(err, HM_BAD_ARGUMENT, "id %" PRId64 " a second time", fields->id);
    if (!table_add(&store->by_channel_id, hash, (uint32_t)store->channel_id_count))
        return out_of_memory(err);
    ids[store->channel_id_count++] = fields->id;
    if (fields->id >= atomic_load(&store->next_channel_id))
        atomic_store(&store->next_channel_id, fields->id + 1);
    fields->team_id = store->teams[contact->team].team_id;
    fields->contact_id = contact->contact_id;
    if (channel_list_append(channels, fields, &store->scratch) != HM_OK)
        return out_of_memory(err);
    return HM_OK;
}

void store_close(struct store *store)
{
    table_fini(&store->by_contact_id);
    table_fini(&store->by_channel_id);
    free(store->channel_ids);
    store->channel_ids = NULL;
    store->channel_id_count = store->channel_id_capacity = 0;
    buf_fini(&store->scratch);
}

const struct hm_secrets *store_secrets(const struct store *store)
{
    return store->secrets;
}

size_t store_team_count(const struct store *store)
{
    return store->team_count;
}

size_t store_contact_count(const struct store *store)
{
    return store->contact_count;
}

size_t store_secret_count(const struct store *store)
{
    return store->secret_count;
}

size_t store_legacy_count(const struct store *store)
{
    return store->legacy_count;
}

size_t store_team_of(const struct store *store, const struct hm_verdict *verdict)
{
    const uint32_t *teams = verdict->is_legacy ? store->legacy_teams : store->secret_teams;

    return teams[verdict->secret];
}

int64_t store_team_id(const struct store *store, size_t team)
{
    return store->teams[team].team_id;
}

struct contact *store_find(const struct store *store, const char *uuid)
{
    unsigned char bytes[UUID_BYTES];
    struct wanted wanted = { .store = store, .uuid = bytes };
    uint32_t at;

    uuid_bytes(bytes, uuid);
    at = table_find(&store->by_uuid, table_hash(bytes, UUID_BYTES), has_uuid, &wanted);
    return at == TABLE_NONE ? NULL : &store->contacts[at];
}

size_t contact_team(const struct contact *contact)
{
    return contact->team;
}

/* Under the contact's lock. */
static enum hm_code add_locked(struct store *store, struct contact *contact,
                               const struct channel_values *values, enum duplicate_rule rule,
                               const struct clock *clock, struct buf *scratch)
{
    struct channel_list *channels = channels_of(contact);
    char now[CLOCK_UTC_TEXT];
    struct channel_fields fields = { .team_id = store->teams[contact->team].team_id,
                                     .contact_id = contact->contact_id,
                                     .values = values,
                                     .info_channel = "",
                                     .channel_handle = "",
                                     .created = now,
                                     .updated = now };

    if (channels == NULL)
        return HM_NO_MEMORY;
    if (rule != DUPLICATES_ARE_APPENDED && channel_list_has(channels, values, scratch))
        return rule == DUPLICATES_ARE_REJECTED ? HM_REFUSED : HM_OK;
    clock_utc(now, clock_now_s(clock));
    fields.id = atomic_fetch_add(&store->next_channel_id, 1);
    return channel_list_append(channels, &fields, scratch);
}

enum hm_code store_add_channel(struct store *store, struct contact *contact,
                               const struct channel_values *values, enum duplicate_rule rule,
                               const struct clock *clock, struct buf *scratch,
                               struct channel_view *view)
{
    pthread_mutex_t *lock = &store->locks[(size_t)(contact - store->contacts) % LOCKS];
    enum hm_code code;

    *view = (struct channel_view){ 0 };
    pthread_mutex_lock(lock);
    code = add_locked(store, contact, values, rule, clock, scratch);
    if (code == HM_OK)
        *view = channel_list_view(contact->channels);
    pthread_mutex_unlock(lock);
    return code;
}
