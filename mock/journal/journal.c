#include "journal/journal.h"

#include "store/clock.h"
#include "support/json_text.h"
#include <pthread.h>
#include <stdlib.h>

/* The size is kept beside the pointer, so that the entry, which is no longer in any cache, is not
 * touched under the lock. */
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

/* Releases all but one that has no other holder. Entries that left the ring get no new holders. */
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

/* Takes the oldest entry out of the ring and puts it before @others. */
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

struct journal_entry *journal_put(struct journal *journal, struct journal_entry *entry)
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
    free(release_but_one(gone));
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
    size_t capacity = 0;

    *view = (struct journal_view){ 0 };
    if (journal == NULL)
        return true;
    pthread_mutex_lock(&journal->lock);
    /* Memory is allocated without the lock; meanwhile more entries may have come. */
    while (capacity < journal->count) {
        capacity = journal->count + journal->count / 4 + 1;
        pthread_mutex_unlock(&journal->lock);
        free(view->at);
        view->at = malloc(capacity * sizeof(struct journal_entry *));
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

void journal_entry_write(struct buf *out, const struct journal_entry *entry, bool with_body)
{
    char time[CLOCK_UTC_TEXT];

    clock_utc(time, entry->time_s);
    buf_puts(out, "{\"v\":1,\"request_id\":\"");
    buf_puts(out, entry->request_id);
    buf_puts(out, "\",\"time\":\"");
    buf_puts(out, time);
    buf_puts(out, "\",\"at_us\":");
    json_text_integer(out, entry->at_us);
    buf_puts(out, ",\"method\":");
    json_text_puts(out, entry->text[ENTRY_METHOD]);
    buf_puts(out, ",\"path\":");
    json_text_puts(out, entry->text[ENTRY_PATH]);
    buf_puts(out, ",\"status\":");
    json_text_integer(out, entry->status);
    buf_puts(out, ",\"us\":");
    json_text_integer(out, entry->us);
    buf_puts(out, ",\"team\":");
    if (entry->has_team)
        json_text_integer(out, entry->team_id);
    else
        buf_puts(out, "null");
    buf_puts(out, ",\"contact\":");
    json_text_puts(out, entry->contact[0] == '\0' ? NULL : entry->contact);
    buf_puts(out, ",\"findings\":");
    buf_puts(out, entry->text[ENTRY_FINDINGS]);
    buf_puts(out, entry->text[ENTRY_TOKEN]);
    if (with_body) {
        buf_puts(out, ",\"body\":");
        buf_puts(out, entry->text[ENTRY_BODY]);
        buf_puts(out, ",\"body_truncated\":");
        buf_puts(out, entry->is_body_whole ? "false" : "true");
    }
    buf_puts(out, ",\"fault\":");
    buf_puts(out, entry->text[ENTRY_FAULT]);
    buf_putc(out, '}');
}

json_t *journal_entry_tree(const struct journal_entry *entry)
{
    json_t *tree = NULL;
    struct buf text;

    buf_init(&text, JOURNAL_BYTES_MAX);
    journal_entry_write(&text, entry, true);
    if (buf_ok(&text))
        tree = json_loadb(text.data, text.length, JSON_ALLOW_NUL, NULL);
    buf_fini(&text);
    return tree;
}
