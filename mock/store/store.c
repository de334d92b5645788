#include "store/store.h"

#include "contract/mask.h"
#include "contract/secrets.h"
#include "store/kept.h"
#include "store/list_call.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include "support/uuid.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STORE_LOCKS = 64, CONTACTS_OF_BIG_WORLD = 10000, TRIES_MAX = 1000 };

struct store {
    atomic_uint holders;
    struct directory *directory;
    struct channel_list **lists; /* by contact; NULL: as it was loaded */
    struct kept *kept;           /* of the lists; NULL: they are in memory alone */
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
    kept_free(store->kept);
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
    if (code == HM_OK && store->kept != NULL)
        code = store_keep(*fresh, kept_database(store->kept), kept_world(store->kept),
                          kept_epoch(store->kept) + 1, err);
    if (code != HM_OK) {
        store_free(*fresh);
        *fresh = NULL;
    }
    return code;
}

enum hm_code store_keep(struct store *store, struct database *database, const char *world,
                        int64_t epoch, struct hm_error *err)
{
    kept_free(store->kept);
    store->kept = NULL;
    return database == NULL ? HM_OK
                            : kept_new(&store->kept, database, world, epoch,
                                       store->directory->contact_count, err);
}

int64_t store_epoch(const struct store *store)
{
    return store->kept == NULL ? 0 : kept_epoch(store->kept);
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

void store_search_with(struct store *store, const struct store *other)
{
    secrets_search_with(store->directory->secrets, other->directory->secrets);
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

/* What is kept decides. If another mock changed the list meanwhile, it is all done again. */
static enum hm_code do_kept(struct store *store, struct list_call *call, list_call_fn what)
{
    bool is_again = false;
    enum hm_code code;
    int tries = 0;

    /* By what was read last, is an id needed? Then one call of the database is saved. */
    if (what == list_call_add && what(call) != HM_OK)
        call->needs_id = false;
    do {
        if (tries > 0)
            call->identity = channel_identity_write(call->values, call->identity.text);
        call->has_changed = is_again = false;
        call->id = call->needs_id ? store->directory->next_channel_id : 0;
        code =
            kept_read(store->kept, call->contact, store->lists, call->needs_id ? &call->id : NULL);
        if (code == HM_OK)
            code = what(call);
        if (code == HM_OK && call->has_changed) {
            code = kept_write(store->kept, call->contact, store->lists, &is_again);
            call->needs_id = call->id != 0; /* a later one, so that ids rise within the list */
        } else if (code == HM_OK) {
            is_again = call->needs_id;
        }
    } while (is_again && ++tries < TRIES_MAX);
    return is_again ? HM_NOT_SENT : code;
}

/* Takes the lock and, if all is well, a view of the list as it is afterwards. */
static enum hm_code do_locked(struct store *store, struct list_call *call, list_call_fn what,
                              struct channel_view *view)
{
    pthread_mutex_t *lock = &store->locks[call->contact->index % STORE_LOCKS];
    enum hm_code code;

    *view = (struct channel_view){ 0 };
    call->list = &store->lists[call->contact->index];
    pthread_mutex_lock(lock);
    code = store->kept == NULL ? what(call) : do_kept(store, call, what);
    if (code == HM_OK && list_call_now(call) != NULL)
        *view = channel_list_view(list_call_now(call));
    pthread_mutex_unlock(lock);
    return code;
}

enum hm_code store_add_channel(struct store *store, struct contact *contact,
                               const struct channel_values *values, enum duplicate_rule rule,
                               const char *now, struct buf *scratch, struct channel_view *view)
{
    struct list_call call = { .contact = contact,
                              .team_id = store_team_id(store, contact->team),
                              .values = values,
                              .identity = channel_identity_write(values, scratch),
                              .rule = rule,
                              .now = now,
                              .ids = store->kept == NULL ? &store->next_channel_id : NULL };

    return do_locked(store, &call, list_call_add, view);
}

/* For those that mean a channel of the contact. */
static enum hm_code do_one(struct store *store, struct list_call *call, list_call_fn what,
                           struct buf *scratch, struct channel_view *view,
                           struct channel_slice *slice)
{
    enum hm_code code;

    *view = (struct channel_view){ 0 };
    call->identity = channel_identity_write(call->values, scratch);
    if (!buf_ok(scratch))
        return HM_NO_MEMORY;
    code = do_locked(store, call, what, view);
    *slice = call->slice;
    return code;
}

enum hm_code store_get_channel(struct store *store, const struct contact *contact,
                               const struct channel_values *values, enum channel_choice choice,
                               struct buf *scratch, struct channel_view *view,
                               struct channel_slice *slice)
{
    struct list_call call = { .contact = contact, .values = values, .choice = choice };

    return do_one(store, &call, list_call_get, scratch, view, slice);
}

enum hm_code store_update_channel(struct store *store, const struct contact *contact,
                                  const struct channel_values *values, enum channel_choice choice,
                                  enum duplicate_rule rule, const char *now, struct buf *scratch,
                                  struct channel_view *view, struct channel_slice *slice)
{
    struct list_call call = {
        .contact = contact, .values = values, .choice = choice, .rule = rule, .now = now
    };

    return do_one(store, &call, list_call_update, scratch, view, slice);
}

enum hm_code store_delete_channel(struct store *store, const struct contact *contact,
                                  const struct channel_values *values, enum channel_choice choice,
                                  struct buf *scratch, struct channel_view *view)
{
    struct list_call call = { .contact = contact, .values = values, .choice = choice };
    struct channel_slice slice;

    return do_one(store, &call, list_call_delete, scratch, view, &slice);
}

enum hm_code store_view(struct store *store, const struct contact *contact,
                        struct channel_view *view)
{
    struct list_call call = { .contact = contact };

    return do_locked(store, &call, list_call_view, view);
}

json_t *store_channels(struct store *store, const struct contact *contact)
{
    struct channel_view view;
    json_t *tree = NULL;
    struct buf text;
    const char *list;
    size_t length;

    if (store_view(store, contact, &view) != HM_OK)
        return NULL;
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
