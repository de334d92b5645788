#include "sandbox/sandboxes.h"

#include "contract/secrets.h"
#include "sandbox/sandbox_entry.h"
#include "store/store.h"
#include "support/hash.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    US_PER_MS = 1000,
    SWEEP_EVERY_MS = 100, /* at most; one whose time is over is not found in any case */
    SWEEP_IDLE_MS = 3600000,
    TRIM_EVERY = 100 /* sandboxes that ended: then the system gets their memory back */
};

struct sandboxes {
    struct sandbox_common common;
    sandbox_removed_fn removed; /* NULL: nobody wants to know */
    void *removed_to;
    atomic_size_t count;
    pthread_mutex_t lock;   /* of what follows */
    pthread_cond_t changed; /* for the sweeper */
    struct sandbox_entry *by_tail;
    struct entry_name *by_name;
    unsigned long long serial;
    int64_t next_sweep_ms;
    int untrimmed; /* that ended since */
    pthread_t sweeper;
    bool has_sweeper, is_ending;
};

/* Under the lock: nobody finds it from now on. The table's hold goes to the caller. */
static void take_out(struct sandboxes *all, struct sandbox_entry *entry)
{
    HASH_DEL(all->by_tail, entry);
    /* All are in the table. */
    for (struct entry_name *name = entry->names; name != NULL; name = name->next)
        HASH_DEL(all->by_name, name); /* NOLINT(clang-analyzer-core.NullDereference) */
    atomic_store(&entry->sandbox.has_ended, true);
    all->untrimmed += atomic_load_explicit(&entry->is_ready, memory_order_relaxed);
    atomic_fetch_sub(&all->count, 1);
}

static void part_with(struct sandboxes *all, struct sandbox_entry *entry)
{
    if (all->removed != NULL)
        all->removed(all->removed_to, entry->record.id);
    sandbox_release(&entry->sandbox);
}

static void part_with_list(struct sandboxes *all, struct sandbox_entry *entry)
{
    for (struct sandbox_entry *next; entry != NULL; entry = next) {
        next = entry->next;
        part_with(all, entry);
    }
}

/* Under the lock: takes out those that end by @now_us, and finds out when the next one does. */
static struct sandbox_entry *ended_take(struct sandboxes *all, int64_t now_us)
{
    int64_t next_us = now_us + (int64_t)SWEEP_IDLE_MS * US_PER_MS;
    struct sandbox_entry *ended = NULL;

    for (struct sandbox_entry *entry = all->by_tail, *next; entry != NULL; entry = next) {
        next = entry->hh.next;
        if (entry->ends_us <= now_us) {
            take_out(all, entry);
            entry->next = ended;
            ended = entry;
        } else if (entry->ends_us < next_us) {
            next_us = entry->ends_us;
        }
    }
    all->next_sweep_ms = next_us / US_PER_MS + 1;
    if (all->next_sweep_ms < now_us / US_PER_MS + SWEEP_EVERY_MS)
        all->next_sweep_ms = now_us / US_PER_MS + SWEEP_EVERY_MS;
    return ended;
}

static void *sweep(void *from)
{
    struct sandboxes *all = from;

    pthread_mutex_lock(&all->lock);
    while (!all->is_ending) {
        struct sandbox_entry *ended = ended_take(all, monotonic_us());
        const bool is_much = all->untrimmed >= TRIM_EVERY;

        if (is_much)
            all->untrimmed = 0;
        pthread_mutex_unlock(&all->lock);
        part_with_list(all, ended);
        if (is_much)
            platform_memory_trim();
        pthread_mutex_lock(&all->lock);
        while (!all->is_ending && monotonic_ms() < all->next_sweep_ms)
            platform_condition_wait(&all->changed, &all->lock, all->next_sweep_ms);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

/* Under the lock: there is something to do for it at @ms. Without the thread, sandboxes are not
 * found after their end either, but keep their memory. */
static void sweep_by(struct sandboxes *all, int64_t ms)
{
    if (!all->has_sweeper)
        all->has_sweeper = pthread_create(&all->sweeper, NULL, sweep, all) == 0;
    if (ms >= all->next_sweep_ms)
        return;
    all->next_sweep_ms = ms;
    pthread_cond_signal(&all->changed);
}

enum hm_code sandboxes_new(struct mock *mock, size_t journal, struct hm_error *err)
{
    struct sandboxes *all = calloc(1, sizeof *all);

    if (all == NULL)
        return no_memory(err);
    if (journal > SANDBOX_JOURNAL_ENTRIES_MAX)
        journal = SANDBOX_JOURNAL_ENTRIES_MAX;
    sandbox_common_init(&all->common, mock, journal);
    pthread_mutex_init(&all->lock, NULL);
    platform_condition_init(&all->changed);
    mock->sandboxes = all;
    return HM_OK;
}

void sandboxes_free(struct sandboxes *all)
{
    if (all == NULL)
        return;
    pthread_mutex_lock(&all->lock);
    all->is_ending = true;
    pthread_cond_signal(&all->changed);
    pthread_mutex_unlock(&all->lock);
    if (all->has_sweeper)
        pthread_join(all->sweeper, NULL);
    for (struct sandbox_entry *entry = all->by_tail, *next; entry != NULL; entry = next) {
        next = entry->hh.next;
        take_out(all, entry);
        sandbox_release(&entry->sandbox);
    }
    pthread_cond_destroy(&all->changed);
    pthread_mutex_destroy(&all->lock);
    sandbox_common_fini(&all->common);
    free(all);
}

void sandboxes_on_removed(struct sandboxes *all, sandbox_removed_fn removed, void *to)
{
    all->removed = removed;
    all->removed_to = to;
}

size_t sandboxes_count(const struct sandboxes *all)
{
    return all == NULL ? 0 : atomic_load_explicit(&all->count, memory_order_relaxed);
}

static struct entry_name *name_find(const struct sandboxes *all, const char *text, size_t length)
{
    struct entry_name *name = NULL;

    HASH_FIND(hh, all->by_name, text, length, name);
    if (name == NULL && all->by_name != NULL && uuid_is_valid(text, length)) {
        char lower[UUID_TEXT];

        uuid_lower(lower, text);
        HASH_FIND(hh, all->by_name, lower, strlen(lower), name);
    }
    return name;
}

/* Under the lock: the one to which an ID or UUID belongs, unless its time is over; or NULL. */
static struct sandbox_entry *find_by_any(const struct sandboxes *all, const char *text,
                                         size_t length)
{
    unsigned char tail[SANDBOX_TAIL_BYTES];
    struct sandbox_entry *entry = NULL;
    struct entry_name *name;

    if (sandbox_tail_of(tail, text, length))
        HASH_FIND(hh, all->by_tail, tail, sizeof tail, entry);
    if (entry != NULL && entry->record.world != NULL && strncasecmp(entry->record.id, text, 2) != 0)
        entry = NULL; /* it has names of its own */
    if (entry == NULL && (name = name_find(all, text, length)) != NULL)
        entry = name->owner;
    return entry == NULL || entry->ends_us <= monotonic_us() ? NULL : entry;
}

/* The same by its own id alone. */
static struct sandbox_entry *find_by_id(const struct sandboxes *all, const char *id, size_t length)
{
    struct sandbox_entry *entry = find_by_any(all, id, length);

    return entry != NULL && strncasecmp(entry->record.id, id, UUID_TEXT - 1) == 0 ? entry : NULL;
}

enum hm_code sandboxes_find(struct sandbox **sandbox, struct sandboxes *all, enum sandbox_name kind,
                            const char *text, size_t length)
{
    struct sandbox_entry *entry;

    pthread_mutex_lock(&all->lock);
    entry = kind == SANDBOX_ID ? find_by_id(all, text, length) : find_by_any(all, text, length);
    if (entry != NULL)
        sandbox_hold(&entry->sandbox);
    pthread_mutex_unlock(&all->lock);
    return sandbox_entry_open(sandbox, entry);
}

static enum hm_code refuse_taken(struct hm_error *err, const char *what, const char *text)
{
    return hm_error_set(err, HM_REFUSED,
                        "the %s %.100s belongs to another world of this mock; each has to be in "
                        "one only",
                        what, text);
}

/* Under the lock. */
static enum hm_code allow(const struct sandboxes *all, const struct store *store,
                          struct hm_error *err)
{
    const struct hm_secrets *secrets = store_secrets(store);
    const size_t contacts = store_contact_count(store);
    char uuid[UUID_TEXT];

    for (size_t i = 0; i < secrets->count; i++) {
        if (find_by_any(all, secrets->at[i]->id, secrets->at[i]->id_length) != NULL)
            return refuse_taken(err, "secret ID", secrets->at[i]->id);
    }
    for (size_t i = 0; i < contacts; i++) {
        contact_uuid(uuid, store_contact_at(store, i));
        if (find_by_any(all, uuid, strlen(uuid)) != NULL)
            return refuse_taken(err, "contact UUID", uuid);
    }
    return HM_OK;
}

/* Is nothing of @store in the main world? */
static enum hm_code allow_beside(const struct store *main, const struct store *store,
                                 struct hm_error *err)
{
    const struct hm_secrets *secrets = store_secrets(store);
    const size_t contacts = store_contact_count(store);
    char uuid[UUID_TEXT];

    for (size_t i = 0; i < secrets->count; i++) {
        const struct secret *secret = secrets->at[i];

        if (secrets_find(store_secrets(main), secret->id, secret->id_length) != NULL)
            return refuse_taken(err, "secret ID", secret->id);
    }
    for (size_t i = 0; i < contacts; i++) {
        contact_uuid(uuid, store_contact_at(store, i));
        if (store_find(main, uuid) != NULL)
            return refuse_taken(err, "contact UUID", uuid);
    }
    return HM_OK;
}

/* Those of default worlds are random. */
enum hm_code sandboxes_allow(struct sandboxes *all, const struct store *main, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    pthread_mutex_lock(&all->lock);
    for (const struct entry_name *name = all->by_name; name != NULL && code == HM_OK;
         name = name->hh.next) {
        const size_t length = strlen(name->text);

        if (secrets_find(store_secrets(main), name->text, length) != NULL)
            code = refuse_taken(err, "secret ID", name->text);
        else if (uuid_is_valid(name->text, length) && store_find(main, name->text) != NULL)
            code = refuse_taken(err, "contact UUID", name->text);
    }
    pthread_mutex_unlock(&all->lock);
    return code;
}

static enum hm_code name_add(struct sandboxes *all, struct sandbox_entry *entry, const char *text,
                             struct hm_error *err)
{
    const size_t length = strlen(text);
    struct entry_name *name = calloc(1, sizeof *name + length + 1);

    if (name == NULL)
        return no_memory(err);
    name->owner = entry;
    memcpy(name->text, text, length + 1);
    HASH_ADD_KEYPTR(hh, all->by_name, name->text, length, name);
    if (name->hh.tbl == NULL) {
        free(name);
        return no_memory(err);
    }
    name->next = entry->names;
    entry->names = name;
    return HM_OK;
}

static enum hm_code names_add(struct sandboxes *all, struct sandbox_entry *entry,
                              const struct store *store, struct hm_error *err)
{
    const struct hm_secrets *secrets = store_secrets(store);
    const size_t contacts = store_contact_count(store);
    char uuid[UUID_TEXT];
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < secrets->count; i++)
        TRY(name_add(all, entry, secrets->at[i]->id, err));
    for (size_t i = 0; i < contacts; i++) {
        contact_uuid(uuid, store_contact_at(store, i));
        TRY(name_add(all, entry, uuid, err));
    }
out:
    return code;
}

/* Under the lock. After a failure it is not in the table, and the caller's. */
static enum hm_code put_in(struct sandboxes *all, struct sandbox_entry *entry,
                           const struct store *store, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (sandboxes_count(all) >= SANDBOXES_MAX)
        return hm_error_set(err, HM_REFUSED,
                            "there are %d sandboxes already; DELETE /_mock/sandboxes/ID ends one",
                            SANDBOXES_MAX);
    if (store != NULL)
        TRY(allow(all, store, err));
    HASH_ADD(hh, all->by_tail, tail, sizeof entry->tail, entry);
    if (entry->hh.tbl == NULL)
        TRY(no_memory(err));
    atomic_fetch_add(&all->count, 1);
    if (entry->record.world != NULL)
        code = names_add(all, entry, store, err);
    if (code != HM_OK)
        take_out(all, entry);
    else
        sweep_by(all, entry->ends_us / US_PER_MS + 1);
    entry->serial = all->serial++;
out:
    return code;
}

enum hm_code sandboxes_add(struct sandboxes *all, struct sandbox_record *record,
                           const struct store *store, struct hm_error *err)
{
    struct sandbox_entry *entry = sandbox_entry_new(&all->common, record);
    struct state *main = state_take(&all->common.mock->main.slot);
    struct sandbox_entry *same; /* another thread has found it in the database meanwhile */
    enum hm_code code;

    if (entry == NULL)
        TRY(no_memory(err));
    if (store != NULL)
        TRY(allow_beside(main->store, store, err));
    sandbox_hold(&entry->sandbox);
    pthread_mutex_lock(&all->lock);
    HASH_FIND(hh, all->by_tail, entry->tail, sizeof entry->tail, same);
    code = same == NULL ? put_in(all, entry, store, err) : HM_OK;
    pthread_mutex_unlock(&all->lock);
    sandbox_release(&entry->sandbox);
    if (code == HM_OK && same == NULL)
        entry = NULL; /* the table's */
out:
    if (entry != NULL)
        sandbox_release(&entry->sandbox);
    sandbox_record_fini(record);
    state_release(main);
    return code;
}

static void show(struct sandbox_shown *shown, const struct sandbox_entry *entry)
{
    *shown = (struct sandbox_shown){ .serial = entry->serial,
                                     .created_s = entry->record.created_s,
                                     .ttl_s = entry->record.ttl_s,
                                     .requests = atomic_load(&entry->sandbox.figures.requests) };
    memcpy(shown->id, entry->record.id, sizeof shown->id);
}

bool sandboxes_show(struct sandbox_shown *shown, struct sandboxes *all, const char *id)
{
    struct sandbox_entry *entry;

    pthread_mutex_lock(&all->lock);
    entry = find_by_id(all, id, strlen(id));
    if (entry != NULL)
        show(shown, entry);
    pthread_mutex_unlock(&all->lock);
    return entry != NULL;
}

/* The table keeps them in the order in which they came. */
bool sandboxes_next(struct sandbox_shown *shown, struct sandboxes *all)
{
    const int64_t now_us = monotonic_us();
    const bool has_begun = shown->id[0] != '\0';
    struct sandbox_entry *entry = NULL;

    pthread_mutex_lock(&all->lock);
    if (has_begun)
        entry = find_by_id(all, shown->id, strlen(shown->id));
    entry = entry != NULL ? entry->hh.next : all->by_tail;
    while (entry != NULL &&
           (entry->ends_us <= now_us || (has_begun && entry->serial <= shown->serial)))
        entry = entry->hh.next;
    if (entry != NULL)
        show(shown, entry);
    pthread_mutex_unlock(&all->lock);
    return entry != NULL;
}

bool sandboxes_end(struct sandbox_shown *shown, struct sandboxes *all, const char *id,
                   struct buf *unmet, size_t *unmet_count)
{
    struct sandbox_entry *entry;

    pthread_mutex_lock(&all->lock);
    entry = find_by_id(all, id, strlen(id));
    if (entry != NULL)
        take_out(all, entry);
    if (all->untrimmed >= TRIM_EVERY)
        sweep_by(all, monotonic_ms() + SWEEP_EVERY_MS);
    pthread_mutex_unlock(&all->lock);
    if (entry == NULL)
        return false;
    show(shown, entry);
    *unmet_count = sandbox_entry_unmet(unmet, entry);
    part_with(all, entry);
    return true;
}

size_t sandboxes_unmet(struct buf *out, struct sandboxes *all, bool *were_used)
{
    struct sandbox_common *common = all == NULL ? NULL : &all->common;
    size_t count;

    *were_used = false;
    if (common == NULL)
        return 0;
    pthread_mutex_lock(&common->lock);
    count = common->unmet_count;
    *were_used = common->had_expectations;
    if (count > 0)
        buf_printf(out, "%s%s", out->length == 0 ? "" : "; ", buf_text(&common->unmet));
    pthread_mutex_unlock(&common->lock);
    pthread_mutex_lock(&all->lock);
    for (struct sandbox_entry *entry = all->by_tail, *next; entry != NULL; entry = next) {
        next = entry->hh.next;
        *were_used |= sandbox_entry_was_expecting(entry);
        count += sandbox_entry_unmet(out, entry);
    }
    pthread_mutex_unlock(&all->lock);
    return count;
}
