#include "journal/journal_capture.h"

#include "exchange/exchange.h"
#include "journal/exchange_json.h"
#include "journal/journal.h"
#include <stdlib.h>
#include <string.h>

enum {
    ENTRY_BYTES_STEP = 256,   /* so that one entry's memory will do for the next */
    ENTRY_BYTES_SPARED = 1024 /* that it may have too many */
};

/* Memory for an entry: that of one that has left the journal, or new. */
static struct journal_entry *entry_alloc(struct exchange *x, size_t bytes)
{
    struct journal_entry *entry = x->memory.spare;

    x->memory.spare = NULL;
    if (entry != NULL && entry->bytes >= bytes && entry->bytes <= bytes + ENTRY_BYTES_SPARED)
        return entry;
    free(entry);
    bytes += ENTRY_BYTES_STEP - bytes % ENTRY_BYTES_STEP;
    entry = malloc(bytes);
    if (entry != NULL)
        entry->bytes = bytes;
    return entry;
}

/* An entry that tells the same, with texts of its own. NULL: out of memory. */
static struct journal_entry *entry_new(struct exchange *x, const struct journal_entry *told)
{
    const struct buf *texts = &x->memory.texts;
    struct journal_entry *entry = entry_alloc(x, sizeof *entry + texts->length + 1);
    size_t bytes;

    if (entry == NULL)
        return NULL;
    bytes = entry->bytes;
    *entry = *told;
    memcpy(entry->texts, texts->data, texts->length + 1);
    entry->bytes = bytes;
    entry->method = entry->texts + (told->method - texts->data);
    entry->path = entry->texts + (told->path - texts->data);
    entry->findings = entry->texts + (told->findings - texts->data);
    entry->token = entry->texts + (told->token - texts->data);
    entry->body = entry->texts + (told->body - texts->data);
    entry->fault = entry->texts + (told->fault - texts->data);
    return entry;
}

void journal_capture(struct exchange *x)
{
    struct journal *journal = x->mock->journal;
    struct journal_entry *entry = NULL;
    struct journal_entry told;

    if (journal == NULL)
        return;
    if (journal_keeps(journal) && exchange_tell(&told, x))
        entry = entry_new(x, &told);
    free(x->memory.spare);
    x->memory.spare = journal_trade(journal, entry);
}
