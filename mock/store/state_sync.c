#include "store/state_sync.h"

#include "database/database.h"
#include "fault/fault.h"
#include "operation/limit.h"
#include "store/document.h"
#include "store/store.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES_MAX = 1000 };

static enum hm_code complain(const struct state_slot *slot, enum database_result result,
                             struct hm_error *err)
{
    char why[DATABASE_WHY_BYTES] = "";

    slot->database->kind->why(slot->database, why);
    if (result == DATABASE_UNKNOWN)
        return hm_error_set(err, HM_OUTCOME_UNKNOWN,
                            "it is unknown whether the change was done: %s", why);
    return hm_error_set(err, HM_NOT_SENT, "the state cannot be reached: %s", why);
}

/* Counts of a change that begin anew get a number. */
static void counts_share(const struct state_slot *slot, struct database_counts *counts)
{
    uint64_t number = 0;

    if (counts->database != NULL)
        return;
    counts->database = slot->database;
    snprintf(counts->world, sizeof counts->world, "%s", slot->world);
    while (counts->generation == 0) {
        platform_random(&number, sizeof number);
        counts->generation = (int64_t)(number >> 12);
    }
}

static void state_share(const struct state_slot *slot, struct state *state)
{
    if (state->faults != NULL)
        counts_share(slot, &state->faults->shared);
    if (state->limit != NULL)
        counts_share(slot, limit_shared(state->limit));
}

/* A store of the same contacts whose lists are of @epoch. */
static enum hm_code epoch_begin(const struct state_slot *slot, struct state *edited, int64_t epoch,
                                struct hm_error *err)
{
    struct store *store = NULL;
    enum hm_code code;

    TRY(store_fresh(&store, edited->store, err));
    TRY(store_keep(store, slot->database, slot->world, epoch, err));
    store_free(edited->store);
    edited->store = store;
    store = NULL;
out:
    store_free(store);
    return code;
}

/* Makes what was read, on top of @base, the present state. The slot is being changed. */
static enum hm_code take(struct state_slot *slot, const struct state *base,
                         const struct database_document *document, struct hm_error *err)
{
    struct state *edited = state_copy(base);
    enum hm_code code;

    if (edited == NULL)
        return no_memory(err);
    if (document->epoch != store_epoch(edited->store))
        TRY(epoch_begin(slot, edited, document->epoch, err));
    TRY(document_read(edited, buf_text(&document->text), document->text.length, err));
    state_share(slot, edited);
    edited->version = document->version;
    state_replace(slot, edited);
    edited = NULL;
out:
    state_release(edited);
    return code;
}

/* Writes @edited. DONE: it has its version. */
static enum database_result write(struct state_slot *slot, struct state *edited)
{
    struct database_document document = { .version = edited->version,
                                          .epoch = store_epoch(edited->store),
                                          .ends_s = slot->ends_s };
    enum database_result result = DATABASE_AWAY;

    buf_init(&document.text, DATABASE_DOCUMENT_BYTES_MAX);
    document_write(&document.text, edited, slot->record);
    if (buf_ok(&document.text))
        result = slot->database->kind->document_write(slot->database, slot->world, &document);
    edited->version = document.version;
    buf_fini(&document.text);
    return result;
}

/* The world as it was loaded, in the first epoch: nothing is stored of it. */
static enum hm_code begin_anew(struct state_slot *slot, enum database_result *result,
                               struct hm_error *err)
{
    struct state *edited = state_copy(slot->initial);
    enum hm_code code;

    if (edited == NULL)
        return no_memory(err);
    faults_free(edited->faults);
    edited->faults = NULL;
    limit_free(edited->limit);
    edited->limit = NULL;
    TRY(epoch_begin(slot, edited, 1, err));
    TRY(faults_fresh(&edited->faults, slot->initial->faults, err));
    TRY(limit_fresh(&edited->limit, slot->initial->limit, err));
    state_share(slot, edited);
    edited->version = DATABASE_FRESH;
    *result = write(slot, edited);
    if (*result == DATABASE_DONE) {
        state_replace(slot, edited);
        edited = NULL;
    }
out:
    state_release(edited);
    return code;
}

/* What is stored, if it is newer than @base, becomes the present state on top of it, or else the
 * loaded one is stored. The slot is being changed. */
static enum hm_code bring_up(struct state_slot *slot, const struct state *base, bool may_begin,
                             struct hm_error *err)
{
    struct database_document document = { 0 };
    enum database_result result = DATABASE_CONFLICT;
    enum hm_code code = HM_OK;

    buf_init(&document.text, DATABASE_DOCUMENT_BYTES_MAX);
    for (int tries = 0; result == DATABASE_CONFLICT && tries < TRIES_MAX; tries++) {
        document.version = base->version;
        result = slot->database->kind->document_read(slot->database, slot->world, &document);
        if (document.version == DATABASE_FRESH &&
            (result == DATABASE_DONE || result == DATABASE_SAME)) {
            if (!may_begin)
                TRY(hm_error_set(err, HM_BAD_ARGUMENT, "this world has ended"));
            TRY(begin_anew(slot, &result, err));
        } else if (result == DATABASE_DONE) {
            TRY(take(slot, base, &document, err));
        }
    }
    if (result != DATABASE_DONE && result != DATABASE_SAME)
        code = complain(slot, result, err);
out:
    buf_fini(&document.text);
    return code;
}

static enum hm_code keep(struct state_slot *slot, struct database *database, const char *world,
                         int64_t ends_s, const char *record, bool may_begin, struct hm_error *err)
{
    enum hm_code code;

    if (database == NULL)
        return HM_OK;
    slot->database = database;
    slot->ends_s = ends_s;
    snprintf(slot->world, sizeof slot->world, "%s", world);
    if (record != NULL && (slot->record = strdup(record)) == NULL)
        return no_memory(err);
    pthread_mutex_lock(&slot->changing);
    code = bring_up(slot, slot->present, may_begin, err);
    pthread_mutex_unlock(&slot->changing);
    return code;
}

enum hm_code state_keep(struct state_slot *slot, struct database *database, const char *world,
                        int64_t ends_s, const char *record, struct hm_error *err)
{
    return keep(slot, database, world, ends_s, record, true, err);
}

enum hm_code state_join(struct state_slot *slot, struct database *database, const char *world,
                        int64_t ends_s, const char *record, struct hm_error *err)
{
    return keep(slot, database, world, ends_s, record, false, err);
}

enum hm_code state_reload(struct state_slot *slot, struct state *loaded, struct hm_error *err)
{
    struct state *before;
    enum hm_code code;

    pthread_mutex_lock(&slot->changing);
    code = store_remember_keys(loaded->store, slot->present->store, err);
    if (code == HM_OK) {
        store_search_with(loaded->store, slot->present->store);
        before = state_take_initial(slot);
        state_hold(loaded);
        state_put_initial(slot, loaded);
        if (slot->database != NULL) {
            code = bring_up(slot, loaded, true, err);
        } else {
            state_hold(loaded);
            state_replace(slot, loaded);
        }
        if (code != HM_OK)
            state_put_initial(slot, before);
        else
            state_release(before);
    }
    state_release(loaded);
    pthread_mutex_unlock(&slot->changing);
    return code;
}

enum hm_code state_refresh(struct state_slot *slot, struct hm_error *err)
{
    struct database_document document = { 0 };
    enum database_result result;
    struct state *present;
    enum hm_code code;

    if (slot->database == NULL || !slot->database->kind->is_shared)
        return HM_OK;
    present = state_take(slot);
    document.version = present->version;
    state_release(present);
    buf_init(&document.text, DATABASE_DOCUMENT_BYTES_MAX);
    result = slot->database->kind->document_read(slot->database, slot->world, &document);
    buf_fini(&document.text);
    if (result == DATABASE_SAME && document.version != DATABASE_FRESH)
        return HM_OK;
    if (result == DATABASE_AWAY)
        return complain(slot, result, err);
    /* Read again, since another thread may have read a newer one meanwhile. */
    pthread_mutex_lock(&slot->changing);
    code = bring_up(slot, slot->present, slot->world[0] == '\0', err);
    pthread_mutex_unlock(&slot->changing);
    return code;
}

/* Ends a change: takes @edited over. *is_again: another mock was faster, so nothing was done. */
static enum hm_code commit(struct state_slot *slot, struct state *edited, bool *is_again,
                           struct hm_error *err)
{
    enum database_result result = DATABASE_DONE;
    enum hm_code code = HM_OK;

    if (slot->database != NULL) {
        if (edited->store != slot->present->store)
            TRY(epoch_begin(slot, edited, store_epoch(slot->present->store) + 1, err));
        state_share(slot, edited);
        result = write(slot, edited);
    }
    if (result == DATABASE_DONE) {
        state_publish(slot, edited);
        return HM_OK;
    }
    *is_again = result == DATABASE_CONFLICT;
    code = *is_again ? bring_up(slot, slot->present, slot->world[0] == '\0', err)
                     : complain(slot, result, err);
out:
    state_discard(slot, edited);
    return code;
}

enum hm_code state_change(struct state_slot *slot, state_change_fn change, void *context,
                          struct state **changed, struct hm_error *err)
{
    bool is_again = false;
    enum hm_code code;
    int tries = 0;

    do {
        struct state *edited = state_edit(slot);

        if (edited == NULL)
            return no_memory(err);
        is_again = false;
        code = change(edited, context, err);
        if (code != HM_OK) {
            state_discard(slot, edited);
            return code;
        }
        *changed = edited;
        state_hold(edited);
        code = commit(slot, edited, &is_again, err);
        if (code != HM_OK || is_again)
            state_release(*changed);
    } while (code == HM_OK && is_again && ++tries < TRIES_MAX);
    return is_again && code == HM_OK ? complain(slot, DATABASE_AWAY, err) : code;
}
