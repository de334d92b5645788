#include "sandbox/sandbox_kept.h"

#include "contract/hmac.h"
#include "contract/secrets.h"
#include "database/database.h"
#include "sandbox/sandboxes.h"
#include "store/state_sync.h"
#include "store/store.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    NAME_BYTES_MAX = 128,
    NAME_TEXT = NAME_BYTES_MAX + sizeof "name:",
    UNMET_BYTES_MAX = 16 * 1024
};

static enum hm_code complain(struct database *database, enum database_result result,
                             struct hm_error *err)
{
    char why[DATABASE_WHY_BYTES] = "";

    database->kind->why(database, why);
    return hm_error_set(err, database_code(result), "the database of --state is away: %s", why);
}

/* A world of a sandbox's own has names that do not lead to its id. A small document does, the world
 * "name:TEXT" of the database; other mocks look for it. */
static enum hm_code name_write(struct database *database, const char *name,
                               const struct sandbox_record *record, struct hm_error *err)
{
    struct database_document document = { 0 }, owner = { 0 };
    enum database_result result = DATABASE_CONFLICT;
    char world[NAME_TEXT];

    if (strlen(name) > NAME_BYTES_MAX)
        return HM_OK; /* only this mock knows it */
    snprintf(world, sizeof world, "name:%s", name);
    buf_init(&document.text, UUID_TEXT);
    buf_init(&owner.text, DATABASE_DOCUMENT_BYTES_MAX);
    result = database->kind->document_read(database, world, &document);
    if (result == DATABASE_DONE && document.version != DATABASE_FRESH)
        result = database->kind->document_read(database, buf_text(&document.text), &owner);
    if (result == DATABASE_DONE && owner.version != DATABASE_FRESH)
        result = DATABASE_CONFLICT;
    if (result == DATABASE_DONE || result == DATABASE_SAME) {
        buf_clear(&document.text);
        buf_puts(&document.text, record->id);
        document.ends_s = record->created_s + record->ttl_s;
        result = database->kind->document_write(database, world, &document);
    }
    buf_fini(&owner.text);
    buf_fini(&document.text);
    if (result == DATABASE_CONFLICT)
        return hm_error_set(err, HM_REFUSED, "%.100s belongs to another sandbox", name);
    return result == DATABASE_DONE ? HM_OK : complain(database, result, err);
}

static enum hm_code names_write(struct database *database, const struct sandbox_record *record,
                                const struct store *store, struct hm_error *err)
{
    const struct hm_secrets *secrets = store_secrets(store);
    char uuid[UUID_TEXT];
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < secrets->count; i++)
        TRY(name_write(database, secrets->at[i]->id, record, err));
    for (size_t i = 0; i < store_contact_count(store); i++) {
        contact_uuid(uuid, store_contact_at(store, i));
        TRY(name_write(database, uuid, record, err));
    }
out:
    return code;
}

enum hm_code sandbox_kept_drop(struct mock *mock, const char *id, struct hm_error *err)
{
    struct database *database = mock->main.slot.database;
    enum database_result result =
        database == NULL ? DATABASE_DONE : database->kind->world_drop(database, id);

    return result == DATABASE_DONE ? HM_OK : complain(database, result, err);
}

/* Takes the record over. One that does not fit in any more stays with the others. */
static enum hm_code add(struct mock *mock, struct sandbox_record *record, struct hm_error *err)
{
    struct state *state = NULL;
    enum hm_code code = HM_OK;

    if (record->world != NULL)
        code = sandbox_world_load(&state, record, &mock->main.slot, err);
    if (code == HM_OK)
        code = sandboxes_add(mock->sandboxes, record, state == NULL ? NULL : state->store, err);
    sandbox_record_fini(record);
    state_release(state);
    return code == HM_REFUSED ? HM_OK : code;
}

/* Records are collected first: the database is in a call meanwhile. */
struct gathering {
    struct mock *mock;
    struct sandbox_record *at;
    size_t count, capacity;
    bool lacks_memory;
};

static bool gather_one(void *context, const char *world, const struct database_document *document)
{
    struct gathering *gathering = context;
    struct sandbox_shown shown;
    struct sandbox_record *more;

    if (!uuid_is_valid(world, strlen(world)) ||
        sandboxes_show(&shown, gathering->mock->sandboxes, world))
        return true;
    if (gathering->count == gathering->capacity) {
        gathering->capacity = gathering->capacity == 0 ? 64 : 2 * gathering->capacity;
        more = realloc(gathering->at, gathering->capacity * sizeof *more);
        gathering->lacks_memory = more == NULL;
        if (more == NULL)
            return false;
        gathering->at = more;
    }
    if (sandbox_record_read(&gathering->at[gathering->count], buf_text(&document->text),
                            document->text.length))
        gathering->count++;
    return true;
}

enum hm_code sandbox_kept_gather(struct mock *mock, struct hm_error *err)
{
    struct database *database = mock->main.slot.database;
    struct gathering gathering = { .mock = mock };
    enum database_result result;
    enum hm_code code = HM_OK;

    if (database == NULL)
        return HM_OK;
    result = database->kind->worlds(database, gather_one, &gathering);
    if (result != DATABASE_DONE)
        code = complain(database, result, err);
    else if (gathering.lacks_memory)
        code = no_memory(err);
    for (size_t i = 0; i < gathering.count; i++) {
        struct sandbox_record *record = &gathering.at[i];

        if (code == HM_OK && record->created_s + record->ttl_s > wall_clock_s())
            code = add(mock, record, err);
        else if (code == HM_OK && !database->kind->is_shared)
            code = sandbox_kept_drop(mock, record->id, err);
        sandbox_record_fini(record);
    }
    free(gathering.at);
    return code;
}

/* Reads the document of a world; its text is empty if there is none. buf_fini() that. */
static enum hm_code look_up(struct buf *text, struct mock *mock, const char *world)
{
    struct database *database = mock->main.slot.database;
    struct database_document document = { 0 };
    enum database_result result;

    buf_init(&document.text, DATABASE_DOCUMENT_BYTES_MAX);
    result = database->kind->document_read(database, world, &document);
    *text = document.text;
    return result == DATABASE_AWAY ? HM_NOT_SENT : HM_OK;
}

/* The sandbox with this id, if the database has it. */
static enum hm_code fetch_by_id(struct mock *mock, const char *id)
{
    struct sandbox_record record;
    struct buf text;
    enum hm_code code = look_up(&text, mock, id);

    if (code == HM_OK && text.length > 0 &&
        sandbox_record_read(&record, buf_text(&text), text.length))
        code = add(mock, &record, NULL);
    buf_fini(&text);
    return code;
}

/* The name may be one of a default world that another mock made: makes that known. */
static enum hm_code owner_fetch(struct mock *mock, const char *name)
{
    unsigned char tail[SANDBOX_TAIL_BYTES];
    char id[UUID_TEXT];

    if (!sandbox_tail_of(tail, name, strlen(name)))
        return HM_OK;
    sandbox_id_of(id, name);
    return fetch_by_id(mock, id);
}

/* So that sandboxes_add() refuses what has a name of theirs. */
static enum hm_code owners_fetch(struct mock *mock, const struct store *store)
{
    const struct hm_secrets *secrets = store_secrets(store);
    char uuid[UUID_TEXT];
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < secrets->count; i++)
        TRY(owner_fetch(mock, secrets->at[i]->id));
    for (size_t i = 0; i < store_contact_count(store); i++) {
        contact_uuid(uuid, store_contact_at(store, i));
        TRY(owner_fetch(mock, uuid));
    }
out:
    return code;
}

enum hm_code sandbox_kept_add(struct mock *mock, const struct sandbox_record *record,
                              struct state *state, struct hm_error *err)
{
    struct database *database = mock->main.slot.database;
    struct state_slot slot = { 0 };
    char *text = NULL;
    enum hm_code code = HM_OK;

    if (database == NULL)
        return HM_OK;
    if (database->kind->is_shared && record->world != NULL)
        TRY(owners_fetch(mock, state->store));
    text = sandbox_record_write(record);
    if (text == NULL)
        TRY(no_memory(err));
    state_hold(state);
    state_slot_init(&slot, state);
    TRY(state_keep(&slot, database, record->id, record->created_s + record->ttl_s, text, err));
    /* After the world, so that a mock that finds a name finds its owner, too. */
    if (database->kind->is_shared && record->world != NULL)
        code = names_write(database, record, state->store, err);
    if (code != HM_OK)
        database->kind->world_drop(database, record->id);
out:
    state_slot_fini(&slot);
    secret_wipe(text);
    return code;
}

/* Reads to which sandbox the world "name:TEXT" leads; @id stays if there is none. */
static enum hm_code name_read(char id[UUID_TEXT], struct mock *mock, const char *world)
{
    struct buf text;
    enum hm_code code = look_up(&text, mock, world);

    if (text.length == UUID_TEXT - 1)
        memcpy(id, text.data, UUID_TEXT);
    buf_fini(&text);
    return code;
}

/* A secret's ID is exact; a contact's UUID is written in lower case. */
static enum hm_code fetch_by_name(struct mock *mock, const char *text, size_t length)
{
    char world[NAME_TEXT], id[UUID_TEXT] = "";
    enum hm_code code;

    snprintf(world, sizeof world, "name:%.*s", (int)length, text);
    code = name_read(id, mock, world);
    if (code == HM_OK && id[0] == '\0' && uuid_is_valid(text, length)) {
        uuid_lower(world + strlen("name:"), text);
        code = name_read(id, mock, world);
    }
    return code == HM_OK && id[0] != '\0' ? fetch_by_id(mock, id) : code;
}

/* Makes that known to which the text belongs, if another mock made it. */
static enum hm_code fetch(struct mock *mock, const char *text, size_t length)
{
    unsigned char tail[SANDBOX_TAIL_BYTES];
    char id[UUID_TEXT];
    struct sandbox_shown shown;
    enum hm_code code = HM_OK;

    if (length > NAME_BYTES_MAX)
        return HM_OK;
    if (sandbox_tail_of(tail, text, length)) {
        sandbox_id_of(id, text);
        code = fetch_by_id(mock, id);
        if (code != HM_OK || sandboxes_show(&shown, mock->sandboxes, id))
            return code;
    }
    return fetch_by_name(mock, text, length);
}

void sandbox_kept_end(struct mock *mock, const char *id)
{
    struct sandbox_shown shown;
    size_t unmet_count;
    struct buf unmet;

    buf_init(&unmet, UNMET_BYTES_MAX);
    sandboxes_end(&shown, mock->sandboxes, id, &unmet, &unmet_count);
    buf_fini(&unmet);
}

enum hm_code sandbox_kept_find(struct sandbox **sandbox, struct mock *mock, enum sandbox_name kind,
                               const char *text, size_t length)
{
    enum hm_code code = sandboxes_find(sandbox, mock->sandboxes, kind, text, length);

    if (code == HM_OK && *sandbox == NULL && database_is_shared(mock->main.slot.database)) {
        code = fetch(mock, text, length);
        if (code == HM_OK)
            code = sandboxes_find(sandbox, mock->sandboxes, kind, text, length);
    }
    return code == HM_BAD_ARGUMENT ? HM_OK : code; /* it has ended */
}
