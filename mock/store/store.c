#include "store/store_parts.h"
#include "support/no_memory.h"

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { CONTACTS_OF_BIG_WORLD = 10000 };

/* A store of @directory, which it takes over; NULL: out of memory, and @directory is given up. */
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
    struct directory *directory = directory_new(err);

    *store = directory == NULL ? NULL : store_of(directory);
    return *store == NULL ? no_memory(err) : HM_OK;
}

enum hm_code store_begin(struct store *store, struct hm_error *err)
{
    size_t count = store->directory->contact_count;

    store->lists = calloc(count == 0 ? 1 : count, sizeof *store->lists);
    if (store->lists == NULL)
        return no_memory(err);
    atomic_store(&store->next_channel_id, store->directory->next_channel_id);
    return HM_OK;
}

enum hm_code store_fresh(struct store **fresh, const struct store *store, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    atomic_fetch_add_explicit(&store->directory->holders, 1, memory_order_relaxed);
    *fresh = store_of(store->directory);
    code = *fresh == NULL ? no_memory(err) : store_begin(*fresh, err);
    if (code != HM_OK) {
        store_free(*fresh);
        *fresh = NULL;
    }
    return code;
}

struct store *store_hold(struct store *store)
{
    if (store != NULL)
        atomic_fetch_add_explicit(&store->holders, 1, memory_order_relaxed);
    return store;
}

/* What a thread has freed the C library keeps for that thread, so that each would come to have as
 * much as was ever written between two resets. */
static void memory_give_back(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void store_free(struct store *store)
{
    size_t contacts;

    if (store == NULL || atomic_fetch_sub_explicit(&store->holders, 1, memory_order_acq_rel) != 1)
        return;
    contacts = store->directory->contact_count;
    for (size_t i = 0; store->lists != NULL && i < contacts; i++)
        channel_list_free(store->lists[i]);
    for (size_t i = 0; i < STORE_LOCKS; i++)
        pthread_mutex_destroy(&store->locks[i]);
    directory_release(store->directory);
    free(store->lists);
    free(store);
    if (contacts >= CONTACTS_OF_BIG_WORLD)
        memory_give_back();
}

/* The list to append to; at the first write it goes on from what was loaded. NULL: out of memory.
 */
static struct channel_list *list_to_change(struct channel_list **list,
                                           const struct contact *contact)
{
    if (*list == NULL)
        *list = contact->loaded == NULL ? channel_list_new() : channel_list_share(contact->loaded);
    return *list;
}

/* Called and left under the lock, which is let go while a long text is copied: other contacts have
 * the same lock. */
static void make_room(struct channel_list *channels, const struct channel_values *values,
                      pthread_mutex_t *lock)
{
    struct channel_view view = channel_list_view(channels);
    struct channel_text *copy;

    pthread_mutex_unlock(lock);
    copy = channel_view_copy(&view, values);
    pthread_mutex_lock(lock);
    if (copy != NULL)
        channel_list_adopt(channels, &view, copy);
    channel_view_fini(&view);
}

/* Under the contact's lock. */
static enum hm_code append(struct store *store, const struct contact *contact,
                           struct channel_list *channels, const struct channel_values *values,
                           const struct clock *clock, struct buf *scratch)
{
    char now[CLOCK_UTC_TEXT];
    struct channel_fields fields = { .id = atomic_fetch_add(&store->next_channel_id, 1),
                                     .team_id = store->directory->teams[contact->team].team_id,
                                     .contact_id = contact->contact_id,
                                     .values = values,
                                     .info_channel = "",
                                     .channel_handle = "",
                                     .created = now,
                                     .updated = now };

    clock_utc(now, clock_now_s(clock));
    return channel_list_append(channels, &fields, scratch);
}

static size_t index_of(const struct store *store, const struct contact *contact)
{
    return (size_t)(contact - store->directory->contacts);
}

enum hm_code store_add_channel(struct store *store, struct contact *contact,
                               const struct channel_values *values, enum duplicate_rule rule,
                               const struct clock *clock, struct buf *scratch,
                               struct channel_view *view)
{
    size_t at = index_of(store, contact);
    pthread_mutex_t *lock = &store->locks[at % STORE_LOCKS];
    const struct channel_key key =
        channel_key_write(values, scratch); /* the lock's time is short */
    struct channel_list *channels;
    enum hm_code code = HM_OK;

    *view = (struct channel_view){ 0 };
    pthread_mutex_lock(lock);
    channels = list_to_change(&store->lists[at], contact);
    if (channels != NULL && channel_list_wants_copy(channels, values))
        make_room(channels, values, lock);
    if (channels == NULL)
        code = HM_NO_MEMORY;
    else if (rule == DUPLICATES_ARE_APPENDED || !channel_list_has(channels, &key))
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
    size_t at = index_of(store, contact);
    pthread_mutex_t *lock = &store->locks[at % STORE_LOCKS];
    const struct channel_list *channels;

    *view = (struct channel_view){ 0 };
    pthread_mutex_lock(lock);
    channels = store->lists[at] == NULL ? contact->loaded : store->lists[at];
    if (channels != NULL)
        *view = channel_list_view(channels);
    pthread_mutex_unlock(lock);
}
