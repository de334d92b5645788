#include "journal_capture.h"

#include "exchange.h"
#include "journal.h"
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

/* An entry with the texts of @texts: method and path, each with its NUL, then JSON. */
static struct journal_entry *entry_new(struct exchange *x, const struct buf *texts, size_t path_at,
                                       size_t json_at)
{
    struct journal_entry *entry = entry_alloc(x, sizeof *entry + texts->length + 1);

    if (entry == NULL)
        return NULL;
    memcpy(entry->texts, texts->data, texts->length + 1);
    entry->status = x->status;
    entry->time_s = x->now_s;
    entry->us = x->took_us;
    memcpy(entry->request_id, x->request_id, sizeof entry->request_id);
    memcpy(entry->contact, x->contact_uuid, sizeof entry->contact);
    entry->method = entry->texts;
    entry->path = entry->texts + path_at;
    entry->json = entry->texts + json_at;
    entry->json_length = texts->length - json_at;
    entry->mistake_count = x->findings.count;
    for (size_t i = 0; i < x->findings.count; i++)
        entry->mistakes[i] = (unsigned short)x->findings.at[i].mistake;
    return entry;
}

void journal_capture(struct exchange *x)
{
    struct journal *journal = x->mock->journal;
    struct buf *texts = &x->memory.texts;
    struct journal_entry *entry = NULL;
    size_t path_at, json_at;

    if (journal == NULL)
        return;
    if (journal_keeps(journal)) {
        buf_clear(texts);
        exchange_write_method(texts, x);
        buf_putc(texts, '\0');
        path_at = texts->length;
        exchange_write_path(texts, x);
        buf_putc(texts, '\0');
        json_at = texts->length;
        exchange_write_json(texts, x, x->took_us, true);
        if (buf_ok(texts))
            entry = entry_new(x, texts, path_at, json_at);
        if (texts->capacity > EXCHANGE_KEPT_BYTES)
            buf_fini(texts);
    }
    free(x->memory.spare);
    x->memory.spare = journal_trade(journal, entry);
}
