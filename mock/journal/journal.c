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

/* A ring that is indexed by the entries' serial numbers. Those from @first on are the journal;
 * those from @oldest to there have dropped out of it, but a reader that began before is still to
 * get them. */
struct journal {
    size_t capacity; /* entries; 0: keeps none */
    pthread_mutex_t lock;
    struct place *ring;
    size_t mask; /* number of places - 1 */
    unsigned long long oldest, first, end;
    size_t bytes, left_bytes;            /* of the journal, and of those before @first */
    unsigned long long dropped, cleared; /* entries; the serial number before which all are */
    struct journal_reading *readers, *last_reader; /* in the order in which they began */
};

void journal_release(struct journal_entry *entry)
{
    if (entry == NULL || atomic_fetch_sub_explicit(&entry->holders, 1, memory_order_acq_rel) != 1)
        return;
    mask_keys_release(entry->keys);
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
            journal_release(entry);
        entry = next;
    }
    if (kept != NULL) {
        mask_keys_release(kept->keys);
        kept->keys = NULL;
    }
    return kept;
}

/* A power of two, so that a place is found without a division: twice the capacity, for those that
 * wait for a reader. */
static size_t places_for(size_t capacity)
{
    size_t places = 2;

    while (places < 2 * capacity)
        places *= 2;
    return places;
}

struct journal *journal_new(size_t exchanges)
{
    const size_t most = JOURNAL_BYTES_MAX / sizeof(struct journal_entry);
    struct journal *journal = calloc(1, sizeof *journal);

    if (journal == NULL)
        return NULL;
    journal->capacity = exchanges < most ? exchanges : most;
    journal->mask = places_for(journal->capacity) - 1;
    journal->ring = calloc(journal->mask + 1, sizeof *journal->ring);
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

static struct place *place(const struct journal *journal, unsigned long long serial)
{
    return &journal->ring[(size_t)serial & journal->mask];
}

static size_t count_of(const struct journal *journal)
{
    return (size_t)(journal->end - journal->first);
}

/* The oldest entry leaves the journal. */
static void oldest_drop(struct journal *journal)
{
    size_t bytes = place(journal, journal->first++)->bytes;

    journal->bytes -= bytes;
    journal->left_bytes += bytes;
}

/* Takes out of the ring those that left the journal and that no reader waits for, or for which
 * there is no room. Returns them as a list. */
static struct journal_entry *left_take(struct journal *journal)
{
    struct journal_entry *gone = NULL;

    while (journal->oldest < journal->first &&
           (journal->readers == NULL || journal->readers->from > journal->oldest ||
            journal->left_bytes > JOURNAL_LEFT_BYTES_MAX ||
            journal->end - journal->oldest > journal->mask)) {
        const struct place *oldest = place(journal, journal->oldest++);

        journal->left_bytes -= oldest->bytes;
        if (gone != NULL)
            oldest->entry->next = gone;
        gone = oldest->entry;
    }
    return gone;
}

struct journal_entry *journal_put(struct journal *journal, struct journal_entry *entry)
{
    struct place new = { entry, entry == NULL ? 0 : entry->bytes };
    bool is_kept = entry != NULL && journal->capacity > 0;
    struct journal_entry *gone = entry;

    if (entry != NULL) {
        atomic_init(&entry->holders, 1);
        entry->next = NULL;
    }
    pthread_mutex_lock(&journal->lock);
    while (is_kept && count_of(journal) > 0 &&
           (count_of(journal) == journal->capacity ||
            journal->bytes + new.bytes > JOURNAL_BYTES_MAX)) {
        oldest_drop(journal);
        journal->dropped++;
    }
    if (is_kept) {
        gone = left_take(journal);
        *place(journal, journal->end++) = new;
        journal->bytes += new.bytes;
    } else {
        journal->dropped++;
    }
    pthread_mutex_unlock(&journal->lock);
    return release_but_one(gone);
}

size_t journal_clear(struct journal *journal)
{
    struct journal_entry *gone;
    size_t count;

    if (journal == NULL)
        return 0;
    pthread_mutex_lock(&journal->lock);
    count = count_of(journal);
    while (count_of(journal) > 0)
        oldest_drop(journal);
    journal->dropped = 0;
    journal->cleared = journal->end;
    gone = left_take(journal);
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
    while (capacity < count_of(journal)) {
        capacity = count_of(journal) + count_of(journal) / 4 + 1;
        pthread_mutex_unlock(&journal->lock);
        free(view->at);
        view->at = malloc(capacity * sizeof(struct journal_entry *));
        if (view->at == NULL)
            return false;
        pthread_mutex_lock(&journal->lock);
    }
    for (; view->count < count_of(journal); view->count++) {
        view->at[view->count] = place(journal, journal->first + view->count)->entry;
        atomic_fetch_add_explicit(&view->at[view->count]->holders, 1, memory_order_relaxed);
    }
    view->dropped = journal->dropped;
    pthread_mutex_unlock(&journal->lock);
    return true;
}

bool journal_view_add(struct journal_view *view, struct journal *journal)
{
    struct journal_view other, both = { 0 };
    size_t one = 0, two = 0;

    if (!journal_view_take(&other, journal))
        return false;
    both.dropped = view->dropped + other.dropped;
    both.at = calloc(view->count + other.count + 1, sizeof(struct journal_entry *));
    if (both.at == NULL) {
        journal_view_fini(&other);
        return false;
    }
    while (one < view->count || two < other.count) {
        const bool is_first = two == other.count ||
                              (one < view->count && view->at[one]->at_us <= other.at[two]->at_us);

        both.at[both.count++] = is_first ? view->at[one++] : other.at[two++];
    }
    free(view->at);
    free(other.at);
    *view = both;
    return true;
}

void journal_view_fini(struct journal_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        journal_release(view->at[i]);
    free(view->at);
    *view = (struct journal_view){ 0 };
}

void journal_read_begin(struct journal_reading *reading, struct journal *journal)
{
    *reading = (struct journal_reading){ .journal = journal };
    if (journal == NULL)
        return;
    pthread_mutex_lock(&journal->lock);
    reading->from = reading->stop = journal->first;
    reading->end = reading->next = journal->end;
    reading->dropped = journal->dropped;
    reading->before = journal->last_reader;
    *(reading->before == NULL ? &journal->readers : &reading->before->after) = reading;
    journal->last_reader = reading;
    pthread_mutex_unlock(&journal->lock);
}

enum journal_read journal_read(struct journal_reading *reading, struct journal_entry **entry)
{
    struct journal *journal = reading->journal;

    *entry = NULL;
    if (reading->next == reading->stop)
        return JOURNAL_END;
    pthread_mutex_lock(&journal->lock);
    if (reading->next > journal->oldest) {
        *entry = place(journal, --reading->next)->entry;
        atomic_fetch_add_explicit(&(*entry)->holders, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&journal->lock);
    return *entry == NULL ? JOURNAL_LOST : JOURNAL_ENTRY;
}

void journal_read_again(struct journal_reading *reading)
{
    reading->stop = reading->next + 1;
    reading->next = reading->end;
}

void journal_read_end(struct journal_reading *reading)
{
    struct journal *journal = reading->journal;
    struct journal_entry *gone;

    if (journal == NULL)
        return;
    pthread_mutex_lock(&journal->lock);
    *(reading->before == NULL ? &journal->readers : &reading->before->after) = reading->after;
    *(reading->after == NULL ? &journal->last_reader : &reading->after->before) = reading->before;
    gone = left_take(journal);
    pthread_mutex_unlock(&journal->lock);
    free(release_but_one(gone));
    reading->journal = NULL;
    reading->next = reading->stop;
}

bool journal_follow_begin(struct journal_follower *follower, struct journal *journal,
                          unsigned long long after)
{
    bool is_known;

    *follower = (struct journal_follower){ 0 };
    if (journal == NULL)
        return false;
    pthread_mutex_lock(&journal->lock);
    is_known = after < journal->end;
    follower->next = is_known ? after + 1 : journal->first;
    follower->cleared = is_known && after < journal->cleared ? after : journal->cleared;
    pthread_mutex_unlock(&journal->lock);
    return is_known;
}

void journal_follow(struct journal_news *news, struct journal *journal,
                    struct journal_follower *follower)
{
    news->was_cleared = false;
    news->lost = 0;
    news->count = 0;
    if (journal == NULL)
        return;
    pthread_mutex_lock(&journal->lock);
    news->was_cleared = follower->cleared != journal->cleared;
    follower->cleared = journal->cleared;
    if (follower->next < journal->cleared)
        follower->next = journal->cleared;
    if (follower->next < journal->first) {
        news->lost = journal->first - follower->next;
        follower->next = journal->first;
    }
    for (unsigned long long serial = follower->next;
         serial < journal->end && news->count < JOURNAL_NEWS_MAX; serial++) {
        struct journal_entry *entry = place(journal, serial)->entry;

        atomic_fetch_add_explicit(&entry->holders, 1, memory_order_relaxed);
        news->at[news->count++] = entry;
    }
    pthread_mutex_unlock(&journal->lock);
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
    buf_puts(out, ",\"operation\":");
    json_text_puts(out, entry->operation);
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
    if (entry->sandbox[0] != '\0') {
        buf_puts(out, ",\"sandbox\":");
        json_text_puts(out, entry->sandbox);
    }
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
    if (with_body)
        buf_puts(out, entry->text[ENTRY_WATCHED]);
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
