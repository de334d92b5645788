#include "contract/mask.h"
#include "store/store_parts.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void directory_release(struct directory *directory)
{
    if (directory == NULL ||
        atomic_fetch_sub_explicit(&directory->holders, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < directory->contact_count; i++)
        channel_list_free(directory->contacts[i].loaded);
    hm_secrets_free(directory->secrets);
    mask_free(directory->mask);
    table_fini(&directory->by_uuid);
    name_set_fini(&directory->names);
    table_fini(&directory->by_contact_id);
    table_fini(&directory->by_channel_id);
    buf_fini(&directory->scratch);
    free(directory->channel_ids);
    free(directory->secret_teams);
    free(directory->legacy_teams);
    free(directory->contacts);
    free(directory->teams);
    free(directory);
}

struct directory *directory_new(struct hm_error *err)
{
    struct directory *directory = calloc(1, sizeof *directory);

    if (directory == NULL)
        return NULL;
    atomic_init(&directory->holders, 1);
    directory->next_channel_id = 1;
    name_set_init(&directory->names);
    buf_init(&directory->scratch, CHANNEL_LIST_BYTES_MAX);
    if (hm_secrets_new(&directory->secrets, err) == HM_OK)
        return directory;
    directory_release(directory);
    return NULL;
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
    struct team *teams = room(store->directory->teams, store->directory->team_count,
                              &store->directory->team_capacity, sizeof *teams);

    if (teams == NULL)
        return no_memory(err);
    store->directory->teams = teams;
    for (size_t i = 0; i < store->directory->team_count; i++) {
        if (teams[i].team_id == team_id)
            return hm_error_set(err, HM_BAD_ARGUMENT, "team_id %" PRId64 " a second time", team_id);
    }
    *team = store->directory->team_count++;
    teams[*team].team_id = team_id;
    return HM_OK;
}

enum hm_code store_add_secret(struct store *store, size_t team, const char *id, const char *key,
                              struct hm_error *err)
{
    enum hm_code code;
    uint32_t *teams = room(store->directory->secret_teams, store->directory->secret_count,
                           &store->directory->secret_capacity, sizeof *teams);

    if (teams == NULL)
        return no_memory(err);
    store->directory->secret_teams = teams;
    TRY(hm_secrets_add(store->directory->secrets, id, key, err));
    teams[store->directory->secret_count++] = (uint32_t)team;
out:
    return code;
}

enum hm_code store_add_legacy_key(struct store *store, size_t team, const char *key,
                                  struct hm_error *err)
{
    enum hm_code code;
    uint32_t *teams = room(store->directory->legacy_teams, store->directory->legacy_count,
                           &store->directory->legacy_capacity, sizeof *teams);

    if (teams == NULL)
        return no_memory(err);
    store->directory->legacy_teams = teams;
    TRY(hm_secrets_add_legacy_key(store->directory->secrets, key, err));
    teams[store->directory->legacy_count++] = (uint32_t)team;
out:
    return code;
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

    return memcmp(wanted->store->directory->contacts[at].uuid, wanted->uuid, UUID_BYTES) == 0;
}

static bool has_contact_id(uint32_t at, const void *context)
{
    const struct wanted *wanted = context;

    return wanted->store->directory->contacts[at].contact_id == wanted->id;
}

static bool has_channel_id(uint32_t at, const void *context)
{
    const struct wanted *wanted = context;

    return wanted->store->directory->channel_ids[at] == wanted->id;
}

enum hm_code store_add_contact(struct store *store, size_t team, const char *uuid,
                               int64_t contact_id, struct contact **contact, struct hm_error *err)
{
    struct contact *contacts = room(store->directory->contacts, store->directory->contact_count,
                                    &store->directory->contact_capacity, sizeof *contacts);
    struct contact *added;
    struct wanted wanted = { .store = store, .id = contact_id };
    uint64_t uuid_hash, id_hash = table_hash(&contact_id, sizeof contact_id);
    uint32_t at = (uint32_t)store->directory->contact_count;

    if (contacts == NULL)
        return no_memory(err);
    store->directory->contacts = contacts;
    added = &contacts[at];
    *added = (struct contact){ .contact_id = contact_id, .team = (uint32_t)team };
    if (!uuid_read(added->uuid, uuid, strlen(uuid)))
        return hm_error_set(err, HM_BAD_ARGUMENT, "%s is no UUID", uuid);
    uuid_hash = table_hash(added->uuid, UUID_BYTES);
    wanted.uuid = added->uuid;
    if (table_find(&store->directory->by_uuid, uuid_hash, has_uuid, &wanted) != TABLE_NONE)
        return hm_error_set(err, HM_BAD_ARGUMENT, "uuid %s a second time", uuid);
    if (table_find(&store->directory->by_contact_id, id_hash, has_contact_id, &wanted) !=
        TABLE_NONE)
        return hm_error_set(err, HM_BAD_ARGUMENT, "contact_id %" PRId64 " a second time",
                            contact_id);
    if (!table_add(&store->directory->by_uuid, uuid_hash, at) ||
        !table_add(&store->directory->by_contact_id, id_hash, at))
        return no_memory(err);
    store->directory->contact_count++;
    *contact = added;
    return HM_OK;
}

enum hm_code store_name_contact(struct store *store, const char *name, struct hm_error *err)
{
    struct directory *directory = store->directory;
    enum hm_code code =
        name_set_add(&directory->names, name, (uint32_t)directory->contact_count - 1);

    if (code == HM_BAD_ARGUMENT)
        return hm_error_set(err, code, "the name %s a second time", name);
    return code == HM_OK ? HM_OK : no_memory(err);
}

/* The contact's list, made when the first channel is loaded. NULL: out of memory. */
static struct channel_list *loaded_list(struct contact *contact)
{
    if (contact->loaded == NULL)
        contact->loaded = channel_list_new();
    return contact->loaded;
}

enum hm_code store_load_channel(struct store *store, struct contact *contact,
                                struct channel_fields *fields, struct hm_error *err)
{
    uint64_t hash = table_hash(&fields->id, sizeof fields->id);
    struct wanted wanted = { .store = store, .id = fields->id };
    struct channel_list *channels = loaded_list(contact);
    int64_t *ids = room(store->directory->channel_ids, store->directory->channel_id_count,
                        &store->directory->channel_id_capacity, sizeof *ids);

    if (ids != NULL)
        store->directory->channel_ids = ids;
    if (ids == NULL || channels == NULL)
        return no_memory(err);
    if (table_find(&store->directory->by_channel_id, hash, has_channel_id, &wanted) != TABLE_NONE)
        return hm_error_set(err, HM_BAD_ARGUMENT, "id %" PRId64 " a second time", fields->id);
    if (!table_add(&store->directory->by_channel_id, hash,
                   (uint32_t)store->directory->channel_id_count))
        return no_memory(err);
    ids[store->directory->channel_id_count++] = fields->id;
    if (fields->id >= store->directory->next_channel_id)
        store->directory->next_channel_id = fields->id + 1;
    fields->team_id = store->directory->teams[contact->team].team_id;
    fields->contact_id = contact->contact_id;
    if (channel_list_append(channels, fields, &store->directory->scratch) != HM_OK)
        return no_memory(err);
    return HM_OK;
}

enum hm_code store_close(struct store *store, struct hm_error *err)
{
    table_fini(&store->directory->by_contact_id);
    table_fini(&store->directory->by_channel_id);
    free(store->directory->channel_ids);
    store->directory->channel_ids = NULL;
    store->directory->channel_id_count = store->directory->channel_id_capacity = 0;
    buf_fini(&store->directory->scratch);
    for (size_t i = 0; i < store->directory->contact_count; i++) {
        if (store->directory->contacts[i].loaded != NULL)
            channel_list_seal(store->directory->contacts[i].loaded);
    }
    store->directory->mask = mask_new(store->directory->secrets);
    if (store->directory->mask == NULL)
        return no_memory(err);
    return store_begin(store, err);
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
    return store->directory->secret_count;
}

size_t store_legacy_count(const struct store *store)
{
    return store->directory->legacy_count;
}

size_t store_team_of(const struct store *store, const struct hm_verdict *verdict)
{
    const uint32_t *teams =
        verdict->is_legacy ? store->directory->legacy_teams : store->directory->secret_teams;

    return teams[verdict->secret];
}

int64_t store_team_id(const struct store *store, size_t team)
{
    return store->directory->teams[team].team_id;
}

struct contact *store_find(const struct store *store, const char *uuid)
{
    unsigned char bytes[UUID_BYTES];
    struct wanted wanted = { .store = store, .uuid = bytes };
    uint32_t at;

    if (!uuid_read(bytes, uuid, strlen(uuid)))
        return NULL;
    at = table_find(&store->directory->by_uuid, table_hash(bytes, UUID_BYTES), has_uuid, &wanted);
    return at == TABLE_NONE ? NULL : &store->directory->contacts[at];
}

struct contact *store_find_named(const struct store *store, const char *name)
{
    uint32_t at = name_set_find(&store->directory->names, name);

    return at == TABLE_NONE ? NULL : &store->directory->contacts[at];
}

void contact_uuid(char out[UUID_TEXT], const struct contact *contact)
{
    for (size_t i = 0; i < UUID_BYTES; i++) {
        bool has_dash = i == 4 || i == 6 || i == 8 || i == 10;

        out += snprintf(out, 4, "%s%02x", has_dash ? "-" : "", contact->uuid[i]);
    }
}

size_t contact_team(const struct contact *contact)
{
    return contact->team;
}

int64_t contact_integer_id(const struct contact *contact)
{
    return contact->contact_id;
}

size_t store_secret_team(const struct store *store, size_t secret)
{
    return store->directory->secret_teams[secret];
}

const struct contact *store_contact_at(const struct store *store, size_t index)
{
    return &store->directory->contacts[index];
}

bool contact_was_empty(const struct contact *contact)
{
    return contact->loaded == NULL;
}
