#include "store/world_kept.h"

#include "contract/hmac.h"
#include "database/database.h"
#include "store/channel_list.h"
#include "store/world.h"
#include "store/world_contact.h"
#include "support/hash.h"
#include "support/json_node.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line is a team without its contacts, {"contact":{...},"team_id":N}, or {"faults":[...]}. */

#define LINES_BYTES_MAX ((size_t)1024 * 1024 * 1024)

static const char kept_name[] =
    "the world that --state keeps, which may be damaged"; /* of a line, in messages */

/* Hashes of what is kept, by index. */
struct hashes {
    unsigned *at;
    size_t count, capacity;
};

struct reading {
    struct directory_watch watch; /* first */
    struct store *store;
    struct json_file *faults;
    struct world_changes *changes;
    struct hashes teams, contacts;
    struct buf added; /* new lines, each with its line break */
    size_t given;     /* bytes of them that the database has taken */
    bool is_of_file;  /* the file is read, not what is kept */
};

static unsigned hash_of(const json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT | JSON_SORT_KEYS);
    unsigned hash = 0;

    if (text != NULL)
        HASH_VALUE(text, strlen(text), hash);
    free(text);
    return hash;
}

static enum hm_code hash_add(struct hashes *hashes, unsigned hash, struct hm_error *err)
{
    const size_t wanted = hashes->capacity == 0 ? 64 : hashes->capacity * 2;
    unsigned *grown = hashes->at;

    if (hashes->count == hashes->capacity) {
        grown = realloc(hashes->at, wanted * sizeof *grown);
        if (grown == NULL)
            return no_memory(err);
        hashes->at = grown;
        hashes->capacity = wanted;
    }
    grown[hashes->count++] = hash;
    return HM_OK;
}

static enum hm_code line_add(struct reading *reading, const json_t *line, struct hm_error *err)
{
    char *text = json_dumps(line, JSON_COMPACT);

    if (text != NULL) {
        buf_puts(&reading->added, text);
        buf_putc(&reading->added, '\n');
    }
    free(text);
    return text == NULL || !buf_ok(&reading->added) ? no_memory(err) : HM_OK;
}

/* A team or contact, new or kept. Takes over @line. */
static enum hm_code line_see(struct reading *reading, json_t *line, size_t index,
                             struct hashes *hashes, size_t *changed, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (line == NULL)
        return no_memory(err);
    if (!reading->is_of_file)
        code = hash_add(hashes, hash_of(line), err);
    else if (index >= hashes->count)
        code = line_add(reading, line, err);
    else if (hashes->at[index] != hash_of(line))
        ++*changed;
    json_decref(line);
    return code;
}

static enum hm_code team_see(struct directory_watch *watch, size_t team, json_t *object,
                             struct hm_error *err)
{
    struct reading *reading = (struct reading *)watch;
    json_t *line = json_object();
    const char *name;
    json_t *value;

    json_object_foreach (object, name, value) {
        if (strcmp(name, "contacts") != 0 && strcmp(name, "contacts_file") != 0)
            json_object_set(line, name, value);
    }
    return line_see(reading, line, team, &reading->teams, &reading->changes->teams, err);
}

static enum hm_code contact_see(struct directory_watch *watch, const struct contact *contact,
                                int64_t team_id, json_t *object, struct hm_error *err)
{
    struct reading *reading = (struct reading *)watch;
    json_t *line = json_pack("{s:O,s:I}", "contact", object, "team_id", (json_int_t)team_id);

    return line_see(reading, line, contact->index, &reading->contacts, &reading->changes->contacts,
                    err);
}

static enum hm_code kept_contact_read(struct store *store, const struct json_node *line,
                                      struct hm_error *err)
{
    struct json_node contact = json_node_member(line, "contact");
    int64_t team_id;
    size_t team;
    enum hm_code code;

    TRY(json_get_integer(line, "team_id", JSON_REQUIRED, WORLD_ID_LEAST, WORLD_ID_MOST, &team_id,
                         err));
    team = directory_find_team(store_directory(store), team_id);
    if (team == store_team_count(store))
        TRY(json_complain(line, err, "found a contact of team %" PRId64 ", which is not kept",
                          team_id));
    TRY(world_contact_read(store, team, &contact, err));
out:
    return code;
}

static enum hm_code kept_line_read(void *context, const char *text, size_t length,
                                   struct hm_error *err)
{
    struct reading *reading = context;
    struct json_file file = { 0 };
    struct json_node line;
    enum hm_code code;

    TRY(json_file_parse(&file, kept_name, text, length, err));
    line = json_node_root(&file);
    if (json_object_get(line.value, "contact") != NULL) {
        TRY(kept_contact_read(reading->store, &line, err));
    } else if (json_object_get(line.value, "faults") != NULL) {
        json_file_fini(reading->faults);
        *reading->faults = file;
        file = (struct json_file){ 0 };
    } else {
        TRY(world_team_read(reading->store, &line, err));
    }
out:
    json_file_fini(&file);
    return code;
}

static bool line_next(void *context, struct buf *line)
{
    struct reading *reading = context;
    const char *start = buf_text(&reading->added) + reading->given;
    const size_t length = strcspn(start, "\n");

    if (reading->given == reading->added.length)
        return false;
    buf_add(line, start, length);
    reading->given += length + 1;
    return true;
}

/* A new world's rules are kept with it; those of a kept one stay. */
static enum hm_code faults_see(struct reading *reading, const struct json_file *file,
                               struct hm_error *err)
{
    json_t *rules = json_object_get(file->root, "faults");
    json_t *line = json_pack("{s:O*}", "faults", json_array_size(rules) == 0 ? NULL : rules);
    enum hm_code code = HM_OK;
    char *text = NULL;

    if (line == NULL)
        return no_memory(err);
    if (reading->teams.count > 0) {
        reading->changes->faults = hash_of(json_object_get(line, "faults")) !=
                                   hash_of(json_object_get(reading->faults->root, "faults"));
    } else if (json_object_get(line, "faults") != NULL) {
        TRY(line_add(reading, line, err));
        text = json_dumps(line, JSON_COMPACT);
        if (text == NULL)
            TRY(no_memory(err));
        TRY(json_file_parse(reading->faults, file->name, text, strlen(text), err));
    }
out:
    free(text);
    json_decref(line);
    return code;
}

/* An id that a created channel was given must not be one of a new channel of the file. @first is
 * the first one that was given. */
static enum hm_code ids_check(const struct reading *reading, struct database *database,
                              int64_t first, const struct json_file *file, struct hm_error *err)
{
    struct database_document document = { 0 };
    const struct taken_id *id;
    enum database_result result;
    int64_t next = 0;

    buf_init(&document.text, DATABASE_DOCUMENT_BYTES_MAX);
    result = database->kind->document_read(database, "", &document);
    buf_fini(&document.text);
    if (result == DATABASE_DONE)
        result = database->kind->next_id(database, "", document.epoch, &next);
    if (result == DATABASE_AWAY)
        return hm_error_set(err, HM_BAD_INPUT, "%s cannot be read", kept_name);
    for (id = store_directory(reading->store)->channel_ids; id != NULL; id = id->hh.next) {
        if (id->id >= first && id->id < next)
            return hm_error_set(err, HM_BAD_INPUT,
                                "%s: a new channel has the id %" PRId64
                                ", which was given to a channel that was created meanwhile; "
                                "expected %" PRId64 " or more",
                                file->name, id->id, next);
    }
    return HM_OK;
}

static enum hm_code file_read(struct reading *reading, struct database *database,
                              const struct json_file *file, struct hm_error *err)
{
    const int64_t first = store_directory(reading->store)->next_channel_id;
    enum hm_code code;

    reading->is_of_file = true;
    reading->watch.teams = reading->teams.count;
    reading->watch.contacts = reading->contacts.count;
    TRY(world_teams_read(reading->store, file, err));
    TRY(faults_see(reading, file, err));
    if (database->kind->next_id != NULL)
        TRY(ids_check(reading, database, first, file, err));
out:
    return code;
}

/* Rules that cannot be read are not kept. */
static enum hm_code faults_check(const struct reading *reading, struct hm_error *err)
{
    struct faults *faults = NULL;
    enum hm_code code;

    TRY(faults_new(&faults, err));
    if (reading->faults->root != NULL)
        TRY(world_faults_read(faults, reading->store, reading->faults, err));
out:
    faults_free(faults);
    return code;
}

/* The database takes the new lines, or compares them all with those that it was made with. */
static enum hm_code added_keep(struct reading *reading, struct database *database,
                               struct hm_error *err)
{
    const struct buf *added = &reading->added;
    unsigned char digest[MAC_BYTES_MAX];
    char text[2 * SHA256_BYTES + 1];

    if (database->kind->world_check == NULL)
        return added->length == 0 ? HM_OK
                                  : database->kind->world_add(database, line_next, reading, err);
    if (!hash_digest(HASH_SHA256, buf_text(added), added->length, digest))
        return no_memory(err);
    for (size_t i = 0; i < SHA256_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return database->kind->world_check(database, text, err);
}

enum hm_code world_kept_read(struct store **store, struct json_file *faults,
                             struct world_changes *changes, struct database *database,
                             const struct json_file *file, struct hm_error *err)
{
    struct reading reading = { .watch = { .team = team_see, .contact = contact_see },
                               .faults = faults,
                               .changes = changes };
    enum hm_code code;

    *store = NULL;
    *changes = (struct world_changes){ 0 };
    buf_init(&reading.added, LINES_BYTES_MAX);
    TRY(store_new(&reading.store, err));
    store_directory(reading.store)->watch = &reading.watch;
    if (database->kind->world_read != NULL)
        TRY(database->kind->world_read(database, kept_line_read, &reading, err));
    if (file != NULL)
        TRY(file_read(&reading, database, file, err));
    TRY(store_close(reading.store, err));
    TRY(faults_check(&reading, err));
    TRY(added_keep(&reading, database, err));
    store_directory(reading.store)->watch = NULL;
    *store = reading.store;
    reading.store = NULL;
out:
    if (reading.store != NULL)
        store_mask_error(reading.store, err);
    store_free(reading.store);
    buf_fini(&reading.added);
    free(reading.teams.at);
    free(reading.contacts.at);
    return code;
}

/* The first line answers. */
static enum hm_code line_found(void *context, const char *text, size_t length, struct hm_error *err)
{
    (void)text;
    (void)length;
    (void)err;
    *(bool *)context = true;
    return HM_REFUSED;
}

enum hm_code world_is_kept(bool *is_kept, struct database *database, struct hm_error *err)
{
    enum hm_code code;

    *is_kept = false;
    if (database->kind->world_read == NULL)
        return HM_OK;
    code = database->kind->world_read(database, line_found, is_kept, err);
    return code == HM_REFUSED ? HM_OK : code;
}

static enum hm_code export_line(void *context, const char *text, size_t length,
                                struct hm_error *err)
{
    json_t *world = context, *teams = json_object_get(world, "teams"), *team;
    json_t *line = json_loadb(text, length, 0, NULL);
    json_t *contact = json_object_get(line, "contact"), *rules = json_object_get(line, "faults");
    enum hm_code code = HM_OK;
    size_t i;

    if (line == NULL)
        code = hm_error_set(err, HM_BAD_INPUT, "a line of the kept world is damaged");
    else if (rules != NULL)
        json_object_set(world, "faults", rules);
    else if (contact == NULL)
        json_array_append(teams, line);
    else
        json_array_foreach (teams, i, team) {
            if (!json_equal(json_object_get(team, "team_id"), json_object_get(line, "team_id")))
                continue;
            if (json_object_get(team, "contacts") == NULL)
                json_object_set_new(team, "contacts", json_array());
            json_array_append(json_object_get(team, "contacts"), contact);
        }
    json_decref(line);
    return code;
}

/* Gives the contact its channels, if they were ever changed. */
static enum hm_code export_channels(json_t *contact, struct database *database, int64_t epoch,
                                    struct hm_error *err)
{
    const char *uuid = json_string_value(json_object_get(contact, "uuid"));
    struct database_key key = { .world = "", .epoch = epoch };
    uint64_t version = UINT64_MAX; /* of no list */
    json_t *channels = NULL;
    struct buf text;
    enum hm_code code = HM_OK;

    buf_init(&text, CHANNEL_LIST_BYTES_MAX);
    if (uuid == NULL || !uuid_read(key.uuid, uuid, strlen(uuid)) ||
        database->kind->list_read(database, &key, &text, &version, NULL) != DATABASE_DONE)
        TRY(hm_error_set(err, HM_BAD_INPUT, "a contact's channels cannot be read"));
    if (version == DATABASE_FRESH)
        goto out;
    buf_puts(&text, text.length == 0 ? "[]" : "]");
    channels = json_loadb(buf_text(&text), text.length, 0, NULL);
    if (channels == NULL || json_object_set(contact, "channels", channels) != 0)
        TRY(hm_error_set(err, HM_BAD_INPUT, "the channels of contact %s cannot be written", uuid));
out:
    json_decref(channels);
    buf_fini(&text);
    return code;
}

enum hm_code world_kept_export(json_t **world, struct database *database, struct hm_error *err)
{
    struct database_document document = { 0 };
    json_t *made = json_pack("{s:i,s:[]}", "v", 1, "teams"), *team, *contact;
    size_t i, k;
    enum hm_code code = made == NULL ? no_memory(err) : HM_OK;

    *world = NULL;
    buf_init(&document.text, DATABASE_DOCUMENT_BYTES_MAX);
    TRY(code);
    TRY(database->kind->world_read(database, export_line, made, err));
    if (database->kind->document_read(database, "", &document) == DATABASE_AWAY)
        TRY(hm_error_set(err, HM_BAD_INPUT, "what is kept of the world cannot be read"));
    json_array_foreach (json_object_get(made, "teams"), i, team) {
        json_array_foreach (json_object_get(team, "contacts"), k, contact) {
            TRY(export_channels(contact, database, document.epoch, err));
        }
    }
    *world = json_incref(made);
out:
    json_decref(made);
    buf_fini(&document.text);
    return code;
}
