#include "sandbox/boxed.h"

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

void boxing_init(struct boxing *boxing, struct mock *mock, size_t journal)
{
    *boxing = (struct boxing){ .mock = mock, .journal = journal };
    pthread_mutex_init(&boxing->making, NULL);
    pthread_mutex_init(&boxing->lock, NULL);
    buf_init(&boxing->unmet, UNMET_BYTES_MAX);
}

void boxing_fini(struct boxing *boxing)
{
    pthread_mutex_destroy(&boxing->making);
    pthread_mutex_destroy(&boxing->lock);
    buf_fini(&boxing->unmet);
}

bool boxed_was_expecting(struct boxed *boxed)
{
    return atomic_load_explicit(&boxed->is_ready, memory_order_acquire) &&
           expected_was_used(boxed->sandbox.expected);
}

size_t boxed_unmet(struct buf *out, struct boxed *boxed)
{
    size_t count = 0;
    struct buf text;

    buf_init(&text, UNMET_BYTES_MAX);
    if (boxed_was_expecting(boxed))
        count = expected_unmet(&text, boxed->sandbox.expected);
    if (count > 0)
        buf_printf(out, "%ssandbox %s: %s", out->length == 0 ? "" : "; ", boxed->record.id,
                   buf_text(&text));
    buf_fini(&text);
    return count;
}

static void unmet_keep(struct boxed *boxed)
{
    struct boxing *boxing = boxed->boxing;

    pthread_mutex_lock(&boxing->lock);
    boxing->had_expectations |= boxed_was_expecting(boxed);
    boxing->unmet_count += boxed_unmet(&boxing->unmet, boxed);
    pthread_mutex_unlock(&boxing->lock);
}

/* The last holder has gone. */
static void boxed_free(struct sandbox *sandbox)
{
    struct boxed *boxed = (struct boxed *)(void *)sandbox;

    unmet_keep(boxed);
    state_slot_fini(&sandbox->slot);
    journal_free(sandbox->journal);
    expected_free(sandbox->expected);
    misbehaving_free(sandbox->misbehaving);
    for (struct boxed_name *name = boxed->names, *next; name != NULL; name = next) {
        next = name->next;
        free(name);
    }
    sandbox_record_fini(&boxed->record);
    free(boxed);
}

struct boxed *boxed_new(struct boxing *boxing, struct sandbox_record *record)
{
    struct boxed *boxed = calloc(1, sizeof *boxed);
    int64_t left_s = record->created_s + record->ttl_s - wall_clock_s();

    if (boxed == NULL)
        return NULL;
    if (left_s >= record->ttl_s - 1)
        left_s = record->ttl_s; /* it is new */
    boxed->boxing = boxing;
    boxed->record = *record;
    record->world = NULL;
    boxed->ends_us = monotonic_us() + left_s * US_PER_S;
    memcpy(boxed->sandbox.id, boxed->record.id, sizeof boxed->sandbox.id);
    sandbox_tail_of(boxed->tail, boxed->record.id, strlen(boxed->record.id));
    boxed->sandbox.end = boxed_free;
    atomic_init(&boxed->sandbox.holders, 1);
    return boxed;
}

/* What the database keeps of it, if there is one. */
static enum hm_code join(struct boxed *boxed, struct hm_error *err)
{
    struct database *database = boxed->boxing->mock->main.slot.database;
    char *record = database == NULL ? NULL : sandbox_record_write(&boxed->record);
    enum hm_code code = HM_OK;

    if (database != NULL && record == NULL)
        return no_memory(err);
    if (database != NULL)
        code = state_join(&boxed->sandbox.slot, database, boxed->record.id,
                          boxed->record.created_s + boxed->record.ttl_s, record, err);
    secret_wipe(record);
    return code;
}

/* What a failure leaves is used by the next try. */
static enum hm_code make(struct boxed *boxed, struct hm_error *err)
{
    struct mock *mock = boxed->boxing->mock;
    struct sandbox *sandbox = &boxed->sandbox;
    struct state *state = NULL;
    enum hm_code code;

    TRY(sandbox_world_load(&state, &boxed->record, &mock->main.slot, err));
    if (mock->main.misbehaving != NULL && sandbox->misbehaving == NULL)
        TRY(misbehaving_new(&sandbox->misbehaving, mock->main.misbehaving->row->name, err));
    if (sandbox->expected == NULL)
        TRY(expected_fresh(&sandbox->expected, mock->main.expected, err));
    if (sandbox->journal == NULL)
        sandbox->journal = journal_new(boxed->boxing->journal);
    if (sandbox->journal == NULL)
        TRY(no_memory(err));
    state_slot_init(&sandbox->slot, state);
    state = NULL;
    code = join(boxed, err);
    if (code != HM_OK) {
        state_slot_fini(&sandbox->slot);
        return code;
    }
    atomic_store_explicit(&boxed->is_ready, true, memory_order_release);
out:
    state_release(state);
    return code;
}

enum hm_code boxed_open(struct sandbox **sandbox, struct boxed *boxed)
{
    enum hm_code code = HM_OK;

    *sandbox = NULL;
    if (boxed == NULL)
        return HM_OK;
    if (!atomic_load_explicit(&boxed->is_ready, memory_order_acquire)) {
        pthread_mutex_lock(&boxed->boxing->making);
        if (!atomic_load_explicit(&boxed->is_ready, memory_order_acquire))
            code = make(boxed, NULL);
        pthread_mutex_unlock(&boxed->boxing->making);
    }
    if (code == HM_OK)
        *sandbox = &boxed->sandbox;
    else
        sandbox_release(&boxed->sandbox);
    return code;
}
