#include "store/kept.h"

#include "database/database.h"
#include "store/list_text.h"
#include "support/no_memory.h"
#include <stdlib.h>
#include <string.h>

/* The version of a list that was not read, which no database has. */
#define NOT_READ UINT64_MAX

struct kept {
    struct database *database;
    char *world;
    int64_t epoch;
    uint64_t *versions; /* of the lists, by contact */
};

enum hm_code kept_new(struct kept **kept, struct database *database, const char *world,
                      int64_t epoch, size_t contacts, struct hm_error *err)
{
    struct kept *made = calloc(1, sizeof *made);

    *kept = made;
    if (made == NULL)
        return no_memory(err);
    made->database = database;
    made->epoch = epoch;
    made->world = strdup(world);
    made->versions = malloc((contacts + 1) * sizeof *made->versions);
    if (made->world == NULL || made->versions == NULL) {
        kept_free(made);
        *kept = NULL;
        return no_memory(err);
    }
    for (size_t i = 0; i < contacts; i++)
        made->versions[i] = NOT_READ;
    return HM_OK;
}

void kept_free(struct kept *kept)
{
    if (kept == NULL)
        return;
    free(kept->world);
    free(kept->versions);
    free(kept);
}

struct database *kept_database(const struct kept *kept)
{
    return kept->database;
}

const char *kept_world(const struct kept *kept)
{
    return kept->world;
}

int64_t kept_epoch(const struct kept *kept)
{
    return kept->epoch;
}

static struct database_key key_of(const struct kept *kept, const struct contact *contact)
{
    struct database_key key = { .world = kept->world, .epoch = kept->epoch };

    memcpy(key.uuid, contact->uuid, sizeof key.uuid);
    return key;
}

/* Replaces the list in memory; NULL: as it was loaded. */
static void put(struct kept *kept, const struct contact *contact, struct channel_list **lists,
                struct channel_list *list, uint64_t version)
{
    channel_list_free(lists[contact->index]);
    lists[contact->index] = list;
    kept->versions[contact->index] = version;
}

enum hm_code kept_read(struct kept *kept, const struct contact *contact,
                       struct channel_list **lists, int64_t *id)
{
    const struct database_key key = key_of(kept, contact);
    uint64_t version = kept->versions[contact->index];
    struct channel_list *list = NULL;
    enum hm_code code = HM_OK;
    struct buf text;

    buf_init(&text, CHANNEL_LIST_BYTES_MAX);
    switch (kept->database->kind->list_read(kept->database, &key, &text, &version, id)) {
    case DATABASE_SAME:
        break;
    case DATABASE_DONE:
        if (version != DATABASE_FRESH)
            code = list_text_read(&list, text.data, text.length);
        if (code == HM_OK)
            put(kept, contact, lists, list, version);
        break;
    default:
        code = HM_NOT_SENT;
    }
    buf_fini(&text);
    return code;
}

enum hm_code kept_write(struct kept *kept, const struct contact *contact,
                        struct channel_list **lists, bool *is_again)
{
    const struct channel_list *list = lists[contact->index];
    const struct database_key key = key_of(kept, contact);
    const struct channel_view view = { list->text, list->length };
    enum database_result result;
    size_t length;
    const char *text = channel_view_text(&view, &length);

    result = kept->database->kind->list_write(
        kept->database, &key, text, list->count == 0 ? 0 : length, &kept->versions[contact->index]);
    if (result != DATABASE_DONE)
        put(kept, contact, lists, NULL, NOT_READ);
    *is_again = result == DATABASE_CONFLICT;
    switch (result) {
    case DATABASE_DONE:
    case DATABASE_CONFLICT:
        return HM_OK;
    case DATABASE_UNKNOWN:
        return HM_OUTCOME_UNKNOWN;
    default:
        return HM_NOT_SENT;
    }
}
