#include "store/store.h"

#include "contract/mask.h"
#include "contract/secrets.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include "support/uuid.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STORE_LOCKS = 64, CONTACTS_OF_BIG_WORLD = 10000 };

struct store {
    atomic_uint holders;
    struct directory *directory;
    struct channel_list **lists; /* by contact; NULL: as it was loaded */
    atomic_llong next_channel_id;
    pthread_mutex_t locks[STORE_LOCKS];
};

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

struct directory *store_directory(struct store *store)
{
    return store->directory;
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
    /* Each thread would come to hold as much as was ever written between two resets. */
    if (contacts >= CONTACTS_OF_BIG_WORLD)
        platform_memory_trim();
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
    enum hm_code code = directory_close(store->directory, err);

    return code == HM_OK ? store_begin(store, err) : code;
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
    return store->directory->teams[team].team_id;
}

const char *store_inboxes(const struct store *store, size_t team, size_t *length)
{
    const struct buf *inboxes = &store->directory->teams[team].inboxes;

    *length = inboxes->length == 0 ? 1 : inboxes->length;
    return inboxes->length == 0 ? "[" : inboxes->data;
}

struct contact *store_find(const struct store *store, const char *uuid)
{
    unsigned char bytes[UUID_BYTES];

    return uuid_read(bytes, uuid, strlen(uuid)) ? directory_find_uuid(store->directory, bytes)
                                                : NULL;
}

bool store_uuid_of(char out[UUID_TEXT], const struct store *store, const char *text)
{
    const struct contact *contact;

    if (uuid_is_valid(text, strlen(text))) {
        uuid_lower(out, text);
        return true;
    }
    contact = directory_find_named(store->directory, text);
    if (contact != NULL)
        contact_uuid(out, contact);
    return contact != NULL;
}

const struct contact_name *store_first_name(const struct store *store)
{
    return store->directory->names;
}

const struct contact_name *contact_name_after(const struct contact_name *name)
{
    return name->hh.next;
}

const struct contact *store_contact_at(const struct store *store, size_t index)
{
    return store->directory->contacts[index];
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
                           const char *now, struct buf *scratch)
{
    struct channel_fields fields = { .id = atomic_fetch_add(&store->next_channel_id, 1),
                                     .team_id = store_team_id(store, contact->team),
                                     .contact_id = contact->contact_id,
                                     .values = values,
                                     .info_channel = "",
                                     .channel_handle = "",
                                     .created = now,
                                     .updated = now };

    return channel_list_append(channels, &fields, scratch);
}

enum hm_code store_add_channel(struct store *store, struct contact *contact,
                               const struct channel_values *values, enum duplicate_rule rule,
                               const char *now, struct buf *scratch, struct channel_view *view)
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
        code = append(store, contact, channels, values, now, scratch);
    else if (rule == DUPLICATES_ARE_REJECTED)
        code = HM_REFUSED;
    if (code == HM_OK)
        *view = channel_list_view(channels);
    pthread_mutex_unlock(lock);
    return code;
}

/* The contact's list as it is; NULL: it never had a channel. Under the contact's lock. */
static const struct channel_list *list_now(const struct store *store, const struct contact *contact)
{
    const struct channel_list *list = store->lists[contact->index];

    return list == NULL ? contact->loaded : list;
}

/* The contact's list, to be changed in the middle: from the first time on it is one of its own.
 * NULL: out of memory. Under the contact's lock. */
static struct channel_list *list_of_own(struct store *store, const struct contact *contact)
{
    struct channel_list **list = &store->lists[contact->index];
    const struct channel_list *before = list_now(store, contact);
    struct channel_list *copy;

    if (*list != NULL && (*list)->shared == NULL)
        return *list;
    copy = channel_list_copy(before);
    if (copy == NULL)
        return NULL;
    channel_list_free(*list);
    *list = copy;
    return copy;
}

enum hm_code store_get_channel(struct store *store, const struct contact *contact,
                               const struct channel_values *values, enum channel_choice choice,
                               struct buf *scratch, struct channel_view *view,
                               struct channel_slice *slice)
{
    pthread_mutex_t *lock = &store->locks[contact->index % STORE_LOCKS];
    const struct channel_identity identity = channel_identity_write(values, scratch);
    const struct channel_list *channels;
    enum hm_code code = HM_BAD_ARGUMENT;
    uint32_t index;

    *view = (struct channel_view){ 0 };
    if (!buf_ok(scratch))
        return HM_NO_MEMORY;
    pthread_mutex_lock(lock);
    channels = list_now(store, contact);
    if (channel_list_find(&index, channels, &identity, choice)) {
        *slice = channel_list_slice(channels, index);
        *view = channel_list_view(channels);
        code = HM_OK;
    }
    pthread_mutex_unlock(lock);
    return code;
}

/* Under the contact's lock. */
static enum hm_code update(struct store *store, const struct contact *contact, uint32_t index,
                           const struct channel_identity *identity, enum duplicate_rule rule,
                           const char *now)
{
    const struct channel_list *before = list_now(store, contact);
    struct channel_list *channels;

    if (rule != DUPLICATES_ARE_APPENDED && !channel_list_is(before, index, identity) &&
        channel_list_has(before, identity))
        return rule == DUPLICATES_ARE_REJECTED ? HM_REFUSED : HM_OK;
    channels = list_of_own(store, contact);
    return channels == NULL ? HM_NO_MEMORY : channel_list_update(channels, index, identity, now);
}

enum hm_code store_update_channel(struct store *store, const struct contact *contact,
                                  const struct channel_values *values, enum channel_choice choice,
                                  enum duplicate_rule rule, const char *now, struct buf *scratch,
                                  struct channel_view *view, struct channel_slice *slice)
{
    pthread_mutex_t *lock = &store->locks[contact->index % STORE_LOCKS];
    const struct channel_identity identity = channel_identity_write(values, scratch);
    enum hm_code code = HM_BAD_ARGUMENT;
    uint32_t index;

    *view = (struct channel_view){ 0 };
    if (!buf_ok(scratch))
        return HM_NO_MEMORY;
    pthread_mutex_lock(lock);
    if (channel_list_find(&index, list_now(store, contact), &identity, choice))
        code = update(store, contact, index, &identity, rule, now);
    if (code == HM_OK) {
        *slice = channel_list_slice(list_now(store, contact), index);
        *view = channel_list_view(list_now(store, contact));
    }
    pthread_mutex_unlock(lock);
    return code;
}

enum hm_code store_delete_channel(struct store *store, const struct contact *contact,
                                  const struct channel_values *values, enum channel_choice choice,
                                  struct buf *scratch, struct channel_view *view)
{
    pthread_mutex_t *lock = &store->locks[contact->index % STORE_LOCKS];
    const struct channel_identity identity = channel_identity_write(values, scratch);
    struct channel_list *channels;
    enum hm_code code = HM_BAD_ARGUMENT;
    uint32_t index;

    *view = (struct channel_view){ 0 };
    if (!buf_ok(scratch))
        return HM_NO_MEMORY;
    pthread_mutex_lock(lock);
    if (channel_list_find(&index, list_now(store, contact), &identity, choice)) {
        channels = list_of_own(store, contact);
        code = channels == NULL ? HM_NO_MEMORY : channel_list_remove(channels, index);
        if (code == HM_OK)
            *view = channel_list_view(channels);
    }
    pthread_mutex_unlock(lock);
    return code;
}

void store_view(struct store *store, const struct contact *contact, struct channel_view *view)
{
    pthread_mutex_t *lock = &store->locks[contact->index % STORE_LOCKS];
    const struct channel_list *channels;

    *view = (struct channel_view){ 0 };
    pthread_mutex_lock(lock);
    channels = list_now(store, contact);
    if (channels != NULL)
        *view = channel_list_view(channels);
    pthread_mutex_unlock(lock);
}

json_t *store_channels(struct store *store, const struct contact *contact)
{
    struct channel_view view;
    json_t *tree = NULL;
    struct buf text;
    const char *list;
    size_t length;

    store_view(store, contact, &view);
    list = channel_view_text(&view, &length);
    buf_init(&text, length + 1);
    buf_add(&text, list, length);
    buf_putc(&text, ']');
    if (buf_ok(&text))
        tree = json_loadb(buf_text(&text), text.length, JSON_ALLOW_NUL, NULL);
    buf_fini(&text);
    channel_view_fini(&view);
    return tree;
}
