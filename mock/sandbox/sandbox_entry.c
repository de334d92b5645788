#include "sandbox/sandbox_entry.h"

#include "contract/hmac.h"
#include "control/expected.h"
#include "fault/misbehave.h"
#include "journal/journal.h"
#include "store/state_sync.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include <stdlib.h>
#include <string.h>

enum { US_PER_S = 1000000, UNMET_BYTES_MAX = 16 * 1024 };

void sandbox_common_init(struct sandbox_common *common, struct mock *mock, size_t journal)
{
    *common = (struct sandbox_common){ .mock = mock, .journal = journal };
    pthread_mutex_init(&common->making, NULL);
    pthread_mutex_init(&common->lock, NULL);
    buf_init(&common->unmet, UNMET_BYTES_MAX);
}

void sandbox_common_fini(struct sandbox_common *common)
{
    pthread_mutex_destroy(&common->making);
    pthread_mutex_destroy(&common->lock);
    buf_fini(&common->unmet);
}

bool sandbox_entry_was_expecting(struct sandbox_entry *entry)
{
    return atomic_load_explicit(&entry->is_ready, memory_order_acquire) &&
           expected_was_used(entry->sandbox.expected);
}

size_t sandbox_entry_unmet(struct buf *out, struct sandbox_entry *entry)
{
    size_t count = 0;
    struct buf text;

    buf_init(&text, UNMET_BYTES_MAX);
    if (sandbox_entry_was_expecting(entry))
        count = expected_unmet(&text, entry->sandbox.expected);
    if (count > 0)
        buf_printf(out, "%ssandbox %s: %s", out->length == 0 ? "" : "; ", entry->record.id,
                   buf_text(&text));
    buf_fini(&text);
    return count;
}

static void unmet_keep(struct sandbox_entry *entry)
{
    struct sandbox_common *common = entry->common;

    pthread_mutex_lock(&common->lock);
    common->had_expectations |= sandbox_entry_was_expecting(entry);
    common->unmet_count += sandbox_entry_unmet(&common->unmet, entry);
    pthread_mutex_unlock(&common->lock);
}

/* The last holder has gone. */
static void sandbox_entry_free(struct sandbox *sandbox)
{
    struct sandbox_entry *entry = (struct sandbox_entry *)(void *)sandbox;

    unmet_keep(entry);
    state_slot_fini(&sandbox->slot);
    journal_free(sandbox->journal);
    expected_free(sandbox->expected);
    misbehaving_free(sandbox->misbehaving);
    for (struct entry_name *name = entry->names, *next; name != NULL; name = next) {
        next = name->next;
        free(name);
    }
    sandbox_record_fini(&entry->record);
    free(entry);
}

struct sandbox_entry *sandbox_entry_new(struct sandbox_common *common,
                                        struct sandbox_record *record)
{
    struct sandbox_entry *entry = calloc(1, sizeof *entry);
    int64_t left_s = record->created_s + record->ttl_s - wall_clock_s();

    if (entry == NULL)
        return NULL;
    if (left_s >= record->ttl_s - 1)
        left_s = record->ttl_s; /* it is new */
    entry->common = common;
    entry->record = *record;
    record->world = NULL;
    entry->ends_us = monotonic_us() + left_s * US_PER_S;
    memcpy(entry->sandbox.id, entry->record.id, sizeof entry->sandbox.id);
    sandbox_tail_of(entry->tail, entry->record.id, strlen(entry->record.id));
    entry->sandbox.end = sandbox_entry_free;
    atomic_init(&entry->sandbox.holders, 1);
    return entry;
}

/* What the database keeps of it, if there is one. */
static enum hm_code join(struct sandbox_entry *entry, struct hm_error *err)
{
    struct database *database = entry->common->mock->main.slot.database;
    char *record = database == NULL ? NULL : sandbox_record_write(&entry->record);
    enum hm_code code = HM_OK;

    if (database != NULL && record == NULL)
        return no_memory(err);
    if (database != NULL)
        code = state_join(&entry->sandbox.slot, database, entry->record.id,
                          entry->record.created_s + entry->record.ttl_s, record, err);
    secret_wipe(record);
    return code;
}

/* What a failure leaves is used by the next try. */
static enum hm_code make(struct sandbox_entry *entry, struct hm_error *err)
{
    struct mock *mock = entry->common->mock;
    struct sandbox *sandbox = &entry->sandbox;
    struct state *state = NULL;
    enum hm_code code;

    TRY(sandbox_world_load(&state, &entry->record, &mock->main.slot, err));
    if (mock->main.misbehaving != NULL && sandbox->misbehaving == NULL)
        TRY(misbehaving_new(&sandbox->misbehaving, mock->main.misbehaving->row->name, err));
    if (sandbox->expected == NULL)
        TRY(expected_fresh(&sandbox->expected, mock->main.expected, err));
    if (sandbox->journal == NULL)
        sandbox->journal = journal_new(entry->common->journal);
    if (sandbox->journal == NULL)
        TRY(no_memory(err));
    state_slot_init(&sandbox->slot, state);
    state = NULL;
    code = join(entry, err);
    if (code != HM_OK) {
        state_slot_fini(&sandbox->slot);
        return code;
    }
    atomic_store_explicit(&entry->is_ready, true, memory_order_release);
out:
    state_release(state);
    return code;
}

enum hm_code sandbox_entry_open(struct sandbox **sandbox, struct sandbox_entry *entry)
{
    enum hm_code code = HM_OK;

    *sandbox = NULL;
    if (entry == NULL)
        return HM_OK;
    if (!atomic_load_explicit(&entry->is_ready, memory_order_acquire)) {
        pthread_mutex_lock(&entry->common->making);
        if (!atomic_load_explicit(&entry->is_ready, memory_order_acquire))
            code = make(entry, NULL);
        pthread_mutex_unlock(&entry->common->making);
    }
    if (code == HM_OK)
        *sandbox = &entry->sandbox;
    else
        sandbox_release(&entry->sandbox);
    return code;
}
