#include "store/directory.h"

#include "contract/mask.h"
#include "contract/secrets.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shorter chains than uthash's 10: in a big world each of their elements is a cache miss. Much
 * smaller is harmful: uthash doubles its buckets whenever one chain reaches this length. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 7U

static void ids_free(struct taken_id **ids)
{
    struct taken_id *id = *ids, *next;

    HASH_CLEAR(hh, *ids);
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

void directory_release(struct directory *directory)
{
    if (directory == NULL ||
        atomic_fetch_sub_explicit(&directory->holders, 1, memory_order_acq_rel) != 1)
        return;
    HASH_CLEAR(hh, directory->by_uuid);
    HASH_CLEAR(by_contact_id, directory->by_contact_id);
    ids_free(&directory->channel_ids);
    ids_free(&directory->inbox_ids);
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
    for (size_t i = 0; i < directory->team_count; i++)
        buf_fini(&directory->teams[i].inboxes);
    free(directory->teams);
    free(directory);
}

struct directory *directory_new(void)
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

size_t directory_find_team(const struct directory *directory, int64_t team_id)
{
    size_t i = 0;

    while (i < directory->team_count && directory->teams[i].team_id != team_id)
        i++;
    return i;
}

enum hm_code directory_add_team(struct directory *directory, int64_t team_id, size_t *team,
                                struct hm_error *err)
{
    struct world_team *teams = array_grow(directory->teams, directory->team_count,
                                          &directory->team_capacity, sizeof *teams);

    if (teams == NULL)
        return no_memory(err);
    directory->teams = teams;
    if (directory_find_team(directory, team_id) < directory->team_count)
        return hm_error_set(err, HM_BAD_ARGUMENT, "duplicate team_id %" PRId64, team_id);
    *team = directory->team_count++;
    teams[*team].team_id = team_id;
    buf_init(&teams[*team].inboxes, INBOXES_BYTES_MAX);
    return HM_OK;
}

enum hm_code directory_name_team(struct directory *directory, size_t team, const char *name,
                                 struct hm_error *err)
{

    return secrets_add_team(directory->secrets, directory->teams[team].team_id, name, err);
}

/* Makes room for one more. False: out of memory. */
static bool owners_reserve(struct owners *owners)
{
    uint32_t *grown = array_grow(owners->team, owners->count, &owners->capacity, sizeof *grown);

    if (grown != NULL)
        owners->team = grown;
    return grown != NULL;
}

enum hm_code directory_add_secret(struct directory *directory, size_t team, const char *id,
                                  const char *key, struct hm_error *err)
{
    enum hm_code code;
    struct owners *owners = &directory->of_secrets;

    if (!owners_reserve(owners))
        return no_memory(err);
    TRY(hm_secrets_add(directory->secrets, id, key, err));
    owners->team[owners->count++] = (uint32_t)team;
out:
    return code;
}

enum hm_code directory_add_legacy_key(struct directory *directory, size_t team, const char *key,
                                      struct hm_error *err)
{
    enum hm_code code;
    struct owners *owners = &directory->of_legacy_keys;

    if (!owners_reserve(owners))
        return no_memory(err);
    TRY(hm_secrets_add_legacy_key(directory->secrets, key, err));
    owners->team[owners->count++] = (uint32_t)team;
out:
    return code;
}

struct contact *directory_find_uuid(const struct directory *directory,
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

enum hm_code directory_add_contact(struct directory *directory, size_t team, const char *uuid,
                                   int64_t contact_id, struct contact **contact,
                                   struct hm_error *err)
{
    struct contact **contacts = array_grow(directory->contacts, directory->contact_count,
                                           &directory->contact_capacity, sizeof *contacts);
    unsigned char bytes[UUID_BYTES];
    struct contact *added;

    if (contacts == NULL)
        return no_memory(err);
    directory->contacts = contacts;
    if (!uuid_read(bytes, uuid, strlen(uuid)))
        return hm_error_set(err, HM_BAD_ARGUMENT, "%s is not a UUID", uuid);
    if (directory_find_uuid(directory, bytes) != NULL)
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

struct contact *directory_find_named(const struct directory *directory, const char *name)
{
    struct contact_name *found = NULL;

    HASH_FIND(hh, directory->names, name, strlen(name), found);
    return found == NULL ? NULL : found->contact;
}

enum hm_code directory_name_contact(struct directory *directory, const char *name,
                                    struct hm_error *err)
{
    size_t length = strlen(name);
    struct contact_name *added;

    if (directory_find_named(directory, name) != NULL)
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

/* HM_BAD_ARGUMENT: the id is taken. */
static enum hm_code id_add(struct taken_id **ids, int64_t id, struct hm_error *err)
{
    struct taken_id *added = NULL;

    HASH_FIND(hh, *ids, &id, sizeof id, added);
    if (added != NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT, "duplicate id %" PRId64, id);
    added = malloc(sizeof *added);
    if (added == NULL)
        return no_memory(err);
    added->id = id;
    HASH_ADD(hh, *ids, id, sizeof added->id, added);
    if (added->hh.tbl == NULL) {
        free(added);
        return no_memory(err);
    }
    return HM_OK;
}

enum hm_code directory_load_channel(struct directory *directory, struct contact *contact,
                                    struct channel_fields *fields, struct hm_error *err)
{
    enum hm_code code;

    if (contact->loaded == NULL)
        contact->loaded = channel_list_new();
    if (contact->loaded == NULL)
        return no_memory(err);
    TRY(id_add(&directory->channel_ids, fields->id, err));
    if (fields->id >= directory->next_channel_id)
        directory->next_channel_id = fields->id + 1;
    fields->team_id = directory->teams[contact->team].team_id;
    fields->contact_id = contact->contact_id;
    if (channel_list_append(contact->loaded, fields, &directory->scratch) != HM_OK)
        TRY(no_memory(err));
out:
    return code;
}

enum hm_code directory_add_inbox(struct directory *directory, size_t team, int64_t id,
                                 const json_t *inbox, struct hm_error *err)
{
    struct buf *text = &directory->teams[team].inboxes;
    enum hm_code code;

    TRY(id_add(&directory->inbox_ids, id, err));
    buf_putc(text, text->length == 0 ? '[' : ',');
    json_text_tree(text, inbox, JSON_COMPACT);
    if (text->status == BUF_TOO_LONG)
        TRY(hm_error_set(err, HM_BAD_INPUT, "too many inboxes"));
    if (!buf_ok(text))
        TRY(no_memory(err));
out:
    return code;
}

enum hm_code directory_close(struct directory *directory, struct hm_error *err)
{
    HASH_CLEAR(by_contact_id, directory->by_contact_id);
    ids_free(&directory->channel_ids);
    ids_free(&directory->inbox_ids);
    buf_fini(&directory->scratch);
    for (size_t i = 0; i < directory->contact_count; i++) {
        if (directory->contacts[i]->loaded != NULL)
            channel_list_seal(directory->contacts[i]->loaded);
    }
    directory->mask = mask_new(directory->secrets);
    return directory->mask == NULL ? no_memory(err) : HM_OK;
}

void contact_uuid(char out[UUID_TEXT], const struct contact *contact)
{
    uuid_write(out, contact->uuid);
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
