#include "journal/journal.h"

#include <pthread.h>
#include <stdlib.h>

/* The size stands beside the entry, which itself was last touched a ring ago: it is not waited for
 * under the lock. */
struct place {
    struct journal_entry *entry;
    size_t bytes;
};

struct journal {
    size_t capacity; /* entries; 0: keeps none */
    pthread_mutex_t lock;
    struct place *ring;
    size_t first, count;
    size_t bytes;
    unsigned long long dropped;
};

/* Gives up a hold; the last one frees it. */
static void release(struct journal_entry *entry)
{
    if (atomic_fetch_sub_explicit(&entry->holders, 1, memory_order_acq_rel) == 1)
        free(entry);
}

/* Gives up all but one that nobody else holds; those out of the ring find no new holders. */
static struct journal_entry *release_but_one(struct journal_entry *entry)
{
    struct journal_entry *kept = NULL;

    while (entry != NULL) {
        struct journal_entry *next = entry->next;

        if (kept == NULL && atomic_load_explicit(&entry->holders, memory_order_acquire) == 1)
            kept = entry;
        else
            release(entry);
        entry = next;
    }
    return kept;
}

static void release_all(struct journal_entry *entry)
{
    while (entry != NULL) {
        struct journal_entry *next = entry->next;

        release(entry);
        entry = next;
    }
}

struct journal *journal_new(size_t exchanges)
{
    struct journal *journal = calloc(1, sizeof *journal);

    if (journal == NULL)
        return NULL;
    journal->capacity = exchanges < JOURNAL_ENTRIES_MAX ? exchanges : JOURNAL_ENTRIES_MAX;
    journal->ring = calloc(journal->capacity + 1, sizeof *journal->ring);
    if (journal->ring == NULL) {
        free(journal);
        return NULL;
    }
    pthread_mutex_init(&journal->lock, NULL);
    return journal;
}

void journal_free(struct journal *journal)
{
    if (journal == NULL)
        return;
    journal_clear(journal);
    pthread_mutex_destroy(&journal->lock);
    free(journal->ring);
    free(journal);
}

bool journal_keeps(const struct journal *journal)
{
    return journal->capacity > 0;
}

static struct place *place(struct journal *journal, size_t index)
{
    size_t at = journal->first + index;

    return &journal->ring[at < journal->capacity ? at : at - journal->capacity];
}

/* Takes the oldest one out of the ring and puts it before @others. */
static struct journal_entry *oldest_take(struct journal *journal, struct journal_entry *others)
{
    const struct place *oldest = place(journal, 0);

    if (++journal->first == journal->capacity)
        journal->first = 0;
    journal->count--;
    journal->bytes -= oldest->bytes;
    if (others != NULL)
        oldest->entry->next = others;
    return oldest->entry;
}

void journal_put(struct journal *journal, struct journal_entry *entry)
{
    free(journal_trade(journal, entry));
}

struct journal_entry *journal_trade(struct journal *journal, struct journal_entry *entry)
{
    struct place new = { entry, entry == NULL ? 0 : entry->bytes };
    struct journal_entry *gone = NULL;

    if (entry != NULL) {
        atomic_init(&entry->holders, 1);
        entry->next = NULL;
    }
    pthread_mutex_lock(&journal->lock);
    while (
        entry != NULL && journal->count > 0 &&
        (journal->count == journal->capacity || journal->bytes + new.bytes > JOURNAL_BYTES_MAX)) {
        gone = oldest_take(journal, gone);
        journal->dropped++;
    }
    if (entry != NULL && journal->capacity > 0) {
        *place(journal, journal->count++) = new;
        journal->bytes += new.bytes;
    } else {
        gone = entry;
        journal->dropped++;
    }
    pthread_mutex_unlock(&journal->lock);
    return release_but_one(gone);
}

size_t journal_clear(struct journal *journal)
{
    struct journal_entry *gone = NULL;
    size_t count;

    if (journal == NULL)
        return 0;
    pthread_mutex_lock(&journal->lock);
    count = journal->count;
    while (journal->count > 0)
        gone = oldest_take(journal, gone);
    journal->dropped = 0;
    pthread_mutex_unlock(&journal->lock);
    release_all(gone);
    return count;
}

unsigned long long journal_dropped(struct journal *journal)
{
    unsigned long long dropped;

    if (journal == NULL)
        return 0;
    pthread_mutex_lock(&journal->lock);
    dropped = journal->dropped;
    pthread_mutex_unlock(&journal->lock);
    return dropped;
}

bool journal_view_take(struct journal_view *view, struct journal *journal)
{
    size_t room = 0;

    *view = (struct journal_view){ 0 };
    if (journal == NULL)
        return true;
    pthread_mutex_lock(&journal->lock);
    /* Memory is asked for without the lock; meanwhile there may have come more. */
    while (room < journal->count) {
        room = journal->count + journal->count / 4 + 1;
        pthread_mutex_unlock(&journal->lock);
        free(view->at);
        view->at = malloc(room * sizeof(struct journal_entry *));
        if (view->at == NULL)
            return false;
        pthread_mutex_lock(&journal->lock);
    }
    for (; view->count < journal->count; view->count++) {
        view->at[view->count] = place(journal, view->count)->entry;
        atomic_fetch_add_explicit(&view->at[view->count]->holders, 1, memory_order_relaxed);
    }
    view->dropped = journal->dropped;
    pthread_mutex_unlock(&journal->lock);
    return true;
}

void journal_view_fini(struct journal_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        release(view->at[i]);
    free(view->at);
    *view = (struct journal_view){ 0 };
}

bool journal_each(struct journal *journal, journal_each_fn each, void *context)
{
    struct journal_view view;

    if (!journal_view_take(&view, journal))
        return false;
    for (size_t i = 0; i < view.count; i++)
        each(view.at[i], context);
    journal_view_fini(&view);
    return true;
}
