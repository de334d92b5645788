#include "database/sqlite.h"

#include "database/sqlite_file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum query {
    BEGIN,
    COMMIT,
    ROLLBACK,
    DOCUMENT_READ,
    DOCUMENT_ADD,
    DOCUMENT_UPDATE,
    LISTS_OF_OTHERS_DROP,
    IDS_OF_OTHERS_DROP,
    WORLDS,
    DOCUMENT_DROP,
    LISTS_DROP,
    IDS_DROP,
    FAULTS_DROP,
    LIST_READ,
    LIST_ADD,
    LIST_UPDATE,
    ID_TAKE,
    ID_READ,
    FAULT_READ,
    FAULT_WRITE,
    FAULTS_OF_OTHERS_DROP,
    LOADED_READ,
    LOADED_ADD,
    QUERIES
};

static const char *const queries[QUERIES] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [DOCUMENT_READ] = "SELECT version, epoch, ends_s, text FROM document WHERE world = ?",
    [DOCUMENT_ADD] = "INSERT INTO document(world, epoch, ends_s, text, version) VALUES(?, ?, ?, ?, "
                     "1) ON CONFLICT DO NOTHING",
    [DOCUMENT_UPDATE] = "UPDATE document SET epoch = ?2, ends_s = ?3, text = ?4, version = version "
                        "+ 1 WHERE world = ?1 AND version = ?5",
    [LISTS_OF_OTHERS_DROP] = "DELETE FROM list WHERE world = ? AND epoch <> ?",
    [IDS_OF_OTHERS_DROP] = "DELETE FROM channel_id WHERE world = ? AND epoch <> ?",
    [WORLDS] = "SELECT version, epoch, ends_s, text, world FROM document WHERE world <> '' ORDER "
               "BY world",
    [DOCUMENT_DROP] = "DELETE FROM document WHERE world = ?",
    [LISTS_DROP] = "DELETE FROM list WHERE world = ?",
    [IDS_DROP] = "DELETE FROM channel_id WHERE world = ?",
    [FAULTS_DROP] = "DELETE FROM fault WHERE world = ?",
    [LIST_READ] = "SELECT version, text FROM list WHERE world = ? AND epoch = ? AND uuid = ?",
    [LIST_ADD] = "INSERT INTO list(world, epoch, uuid, text, version) VALUES(?, ?, ?, ?, 1) ON "
                 "CONFLICT DO NOTHING",
    [LIST_UPDATE] = "UPDATE list SET text = ?4, version = version + 1 WHERE world = ?1 AND epoch = "
                    "?2 AND uuid = ?3 AND version = ?5",
    [ID_TAKE] = "INSERT INTO channel_id(world, epoch, next) VALUES(?1, ?2, ?3 + 1) ON CONFLICT DO "
                "UPDATE SET next = max(next, ?3) + 1 RETURNING next - 1",
    [ID_READ] = "SELECT next FROM channel_id WHERE world = ? AND epoch = ?",
    [FAULT_READ] = "SELECT matched, done FROM fault WHERE world = ? AND generation = ? AND rule = "
                   "?",
    [FAULT_WRITE] = "INSERT OR REPLACE INTO fault(world, generation, rule, matched, done) "
                    "VALUES(?, ?, ?, ?, ?)",
    [FAULTS_OF_OTHERS_DROP] = "DELETE FROM fault WHERE world = ? AND generation <> ?",
    [LOADED_READ] = "SELECT text FROM loaded ORDER BY place",
    [LOADED_ADD] = "INSERT INTO loaded(text) VALUES(?)",
};

struct sqlite {
    struct database base; /* first */
    pthread_mutex_t lock; /* of all that follows */
    sqlite3 *db;
    sqlite3_stmt *prepared[QUERIES];
    char why[DATABASE_WHY_BYTES]; /* the last write failed; "": it did not */
};

static struct sqlite *sqlite_of(struct database *database)
{
    return (struct sqlite *)database;
}

/* Binds the values that @types names - 't' a text with its end, 'x' a text and its length, 'i' an
 * int64_t, 'u' a UUID's bytes - and takes the first step. They must stay until end(). */
static int step(struct sqlite *sqlite, enum query query, const char *types, ...)
{
    sqlite3_stmt *statement = sqlite->prepared[query];
    int result = SQLITE_OK;
    const char *text;
    va_list values;

    va_start(values, types);
    for (int i = 1; types[i - 1] != '\0' && result == SQLITE_OK; i++) {
        switch (types[i - 1]) {
        case 't':
            result = sqlite3_bind_text(statement, i, va_arg(values, const char *), -1, NULL);
            break;
        case 'x':
            text = va_arg(values, const char *);
            result = sqlite3_bind_text64(statement, i, text == NULL ? "" : text,
                                         va_arg(values, size_t), NULL, SQLITE_UTF8);
            break;
        case 'u':
            result = sqlite3_bind_blob(statement, i, va_arg(values, const unsigned char *),
                                       UUID_BYTES, NULL);
            break;
        default:
            result = sqlite3_bind_int64(statement, i, va_arg(values, int64_t));
        }
    }
    va_end(values);
    return result == SQLITE_OK ? sqlite3_step(statement) : result;
}

/* Ends a statement. Its result says whether it is done; a failure is remembered. */
static bool end(struct sqlite *sqlite, enum query query)
{
    int result = sqlite3_reset(sqlite->prepared[query]);

    sqlite3_clear_bindings(sqlite->prepared[query]);
    if (result != SQLITE_OK)
        sqlite3_snprintf(sizeof sqlite->why, sqlite->why, "%s", sqlite3_errmsg(sqlite->db));
    return result == SQLITE_OK;
}

/* A statement without rows. */
#define RUN(sqlite, query, ...) (step(sqlite, query, __VA_ARGS__), end(sqlite, query))

/* Begins a call, and with it a transaction if it writes. A call that failed undoes all it did. */
static bool call_begin(struct sqlite *sqlite, bool writes)
{
    pthread_mutex_lock(&sqlite->lock);
    return !writes || RUN(sqlite, BEGIN, "");
}

static enum database_result call_end(struct sqlite *sqlite, enum database_result result,
                                     bool writes)
{
    if (writes && result == DATABASE_DONE && RUN(sqlite, COMMIT, ""))
        sqlite->why[0] = '\0';
    else if (writes && result == DATABASE_DONE)
        result = DATABASE_AWAY;
    if (sqlite3_get_autocommit(sqlite->db) == 0)
        RUN(sqlite, ROLLBACK, "");
    pthread_mutex_unlock(&sqlite->lock);
    return result;
}

static bool column_text(struct buf *text, sqlite3_stmt *statement, int column)
{
    const void *bytes = sqlite3_column_text(statement, column);

    buf_clear(text);
    if (bytes != NULL)
        buf_add(text, bytes, (size_t)sqlite3_column_bytes(statement, column));
    return bytes != NULL && buf_ok(text);
}

static bool document_take(struct database_document *document, sqlite3_stmt *row)
{
    document->version = (uint64_t)sqlite3_column_int64(row, 0);
    document->epoch = sqlite3_column_int64(row, 1);
    document->ends_s = sqlite3_column_int64(row, 2);
    return column_text(&document->text, row, 3);
}

static enum database_result document_read(struct database *database, const char *world,
                                          struct database_document *document)
{
    struct sqlite *sqlite = sqlite_of(database);
    sqlite3_stmt *row = sqlite->prepared[DOCUMENT_READ];
    enum database_result result = DATABASE_DONE;
    int found;

    call_begin(sqlite, false);
    found = step(sqlite, DOCUMENT_READ, "t", world);
    if (found == SQLITE_DONE)
        document->version = DATABASE_FRESH;
    else if (found == SQLITE_ROW && (uint64_t)sqlite3_column_int64(row, 0) == document->version)
        result = DATABASE_SAME;
    else if (found != SQLITE_ROW || !document_take(document, row))
        result = DATABASE_AWAY;
    if (!end(sqlite, DOCUMENT_READ))
        result = DATABASE_AWAY;
    return call_end(sqlite, result, false);
}

/* What was changed last: SQLite's count of rows, as a result. */
static enum database_result changed(struct sqlite *sqlite, bool is_done)
{
    if (!is_done)
        return DATABASE_AWAY;
    return sqlite3_changes(sqlite->db) == 0 ? DATABASE_CONFLICT : DATABASE_DONE;
}

static enum database_result document_write(struct database *database, const char *world,
                                           struct database_document *document)
{
    struct sqlite *sqlite = sqlite_of(database);
    const enum query query = document->version == DATABASE_FRESH ? DOCUMENT_ADD : DOCUMENT_UPDATE;
    enum database_result result = DATABASE_AWAY;

    if (call_begin(sqlite, true)) {
        result = changed(sqlite, RUN(sqlite, query, query == DOCUMENT_ADD ? "tiix" : "tiixi", world,
                                     document->epoch, document->ends_s, document->text.data,
                                     document->text.length, (int64_t)document->version));
        if (result == DATABASE_DONE &&
            !(RUN(sqlite, LISTS_OF_OTHERS_DROP, "ti", world, document->epoch) &&
              RUN(sqlite, IDS_OF_OTHERS_DROP, "ti", world, document->epoch)))
            result = DATABASE_AWAY;
    }
    result = call_end(sqlite, result, true);
    if (result == DATABASE_DONE)
        document->version++;
    return result;
}

static enum database_result worlds(struct database *database, database_world_fn each, void *context)
{
    struct sqlite *sqlite = sqlite_of(database);
    sqlite3_stmt *row = sqlite->prepared[WORLDS];
    struct database_document document = { 0 };
    enum database_result result = DATABASE_DONE;
    bool is_going = true;
    int found;

    buf_init(&document.text, DATABASE_DOCUMENT_BYTES_MAX);
    call_begin(sqlite, false);
    for (found = step(sqlite, WORLDS, ""); is_going && found == SQLITE_ROW;
         found = sqlite3_step(row)) {
        is_going = document_take(&document, row);
        if (!is_going)
            result = DATABASE_AWAY;
        else
            is_going = each(context, (const char *)sqlite3_column_text(row, 4), &document);
    }
    if (!end(sqlite, WORLDS))
        result = DATABASE_AWAY;
    buf_fini(&document.text);
    return call_end(sqlite, result, false);
}

static enum database_result world_drop(struct database *database, const char *world)
{
    static const enum query drops[] = { DOCUMENT_DROP, LISTS_DROP, IDS_DROP, FAULTS_DROP };
    struct sqlite *sqlite = sqlite_of(database);
    bool is_good = call_begin(sqlite, true);

    for (size_t i = 0; i < sizeof drops / sizeof drops[0]; i++)
        is_good = is_good && RUN(sqlite, drops[i], "t", world);
    return call_end(sqlite, is_good ? DATABASE_DONE : DATABASE_AWAY, true);
}

/* A transaction of its own: an id that was taken is not given again, also if its list is not
 * written. */
static bool id_take(struct sqlite *sqlite, const struct database_key *key, int64_t *id)
{
    const bool is_there = step(sqlite, ID_TAKE, "tii", key->world, key->epoch, *id) == SQLITE_ROW;

    if (is_there) {
        *id = sqlite3_column_int64(sqlite->prepared[ID_TAKE], 0);
        sqlite3_step(sqlite->prepared[ID_TAKE]); /* RETURNING's row is not the end */
    }
    return end(sqlite, ID_TAKE) && is_there;
}

static enum database_result list_read(struct database *database, const struct database_key *key,
                                      struct buf *text, uint64_t *version, int64_t *id)
{
    struct sqlite *sqlite = sqlite_of(database);
    sqlite3_stmt *row = sqlite->prepared[LIST_READ];
    enum database_result result = DATABASE_DONE;
    uint64_t found = DATABASE_FRESH;
    int got;

    call_begin(sqlite, false);
    got = step(sqlite, LIST_READ, "tiu", key->world, key->epoch, key->uuid);
    if (got == SQLITE_ROW)
        found = (uint64_t)sqlite3_column_int64(row, 0);
    if (found == *version && (got == SQLITE_ROW || got == SQLITE_DONE))
        result = DATABASE_SAME;
    else if (got != SQLITE_DONE && (got != SQLITE_ROW || !column_text(text, row, 1)))
        result = DATABASE_AWAY;
    if (!end(sqlite, LIST_READ) || (id != NULL && !id_take(sqlite, key, id)))
        result = DATABASE_AWAY;
    *version = result == DATABASE_DONE ? found : *version;
    return call_end(sqlite, result, false);
}

static enum database_result list_write(struct database *database, const struct database_key *key,
                                       const char *text, size_t length, uint64_t *version)
{
    struct sqlite *sqlite = sqlite_of(database);
    const enum query query = *version == DATABASE_FRESH ? LIST_ADD : LIST_UPDATE;
    enum database_result result = DATABASE_AWAY;

    if (call_begin(sqlite, true))
        result =
            changed(sqlite, RUN(sqlite, query, query == LIST_ADD ? "tiux" : "tiuxi", key->world,
                                key->epoch, key->uuid, text, length, (int64_t)*version));
    result = call_end(sqlite, result, true);
    if (result == DATABASE_DONE)
        ++*version;
    return result;
}

/* Fills in the rule's counters. False: the file cannot be read. */
static bool fault_read(struct sqlite *sqlite, const char *world, int64_t generation,
                       struct database_fault *rule)
{
    sqlite3_stmt *row = sqlite->prepared[FAULT_READ];
    const bool is_there =
        step(sqlite, FAULT_READ, "tii", world, generation, (int64_t)rule->index) == SQLITE_ROW;

    rule->matched = is_there ? sqlite3_column_int64(row, 0) : 0;
    rule->done = is_there ? sqlite3_column_int64(row, 1) : 0;
    return end(sqlite, FAULT_READ);
}

static bool is_due(const struct database_fault *rule)
{
    return rule->matched >= rule->nth && (rule->times == 0 || rule->done < rule->times);
}

static enum database_result faults_count(struct database *database, const char *world,
                                         int64_t generation, struct database_fault *rules,
                                         size_t count, size_t *due)
{
    struct sqlite *sqlite = sqlite_of(database);
    bool is_good =
        call_begin(sqlite, true) && RUN(sqlite, FAULTS_OF_OTHERS_DROP, "ti", world, generation);

    *due = count;
    for (size_t i = 0; is_good && i < count; i++) {
        is_good = fault_read(sqlite, world, generation, &rules[i]);
        rules[i].matched++;
        if (*due == count && is_due(&rules[i])) {
            *due = i;
            rules[i].done++;
        }
        is_good = is_good && RUN(sqlite, FAULT_WRITE, "tiiii", world, generation,
                                 (int64_t)rules[i].index, rules[i].matched, rules[i].done);
    }
    return call_end(sqlite, is_good ? DATABASE_DONE : DATABASE_AWAY, true);
}

static enum database_result faults_counts(struct database *database, const char *world,
                                          int64_t generation, struct database_fault *rules,
                                          size_t count)
{
    struct sqlite *sqlite = sqlite_of(database);
    bool is_good = call_begin(sqlite, false);

    for (size_t i = 0; is_good && i < count; i++)
        is_good = fault_read(sqlite, world, generation, &rules[i]);
    return call_end(sqlite, is_good ? DATABASE_DONE : DATABASE_AWAY, false);
}

static enum hm_code world_read(struct database *database, database_line_fn line, void *context,
                               struct hm_error *err)
{
    struct sqlite *sqlite = sqlite_of(database);
    sqlite3_stmt *row = sqlite->prepared[LOADED_READ];
    enum hm_code code = HM_OK;
    int found;

    call_begin(sqlite, false);
    found = step(sqlite, LOADED_READ, "");
    while (code == HM_OK && found == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(row, 0);

        code = text == NULL ? no_memory(err)
                            : line(context, text, (size_t)sqlite3_column_bytes(row, 0), err);
        found = sqlite3_step(row);
    }
    if (!end(sqlite, LOADED_READ) && code == HM_OK)
        code = hm_error_set(err, HM_BAD_INPUT, "--state sqlite: %s", sqlite->why);
    call_end(sqlite, DATABASE_SAME, false);
    return code;
}

static enum database_result next_id(struct database *database, const char *world, int64_t epoch,
                                    int64_t *next)
{
    struct sqlite *sqlite = sqlite_of(database);
    enum database_result result = DATABASE_DONE;

    call_begin(sqlite, false);
    *next = step(sqlite, ID_READ, "ti", world, epoch) == SQLITE_ROW
                ? sqlite3_column_int64(sqlite->prepared[ID_READ], 0)
                : 0;
    if (!end(sqlite, ID_READ))
        result = DATABASE_AWAY;
    return call_end(sqlite, result, false);
}

static enum hm_code world_add(struct database *database, database_next_fn next, void *context,
                              struct hm_error *err)
{
    struct sqlite *sqlite = sqlite_of(database);
    enum hm_code code = HM_OK;
    struct buf line;
    bool is_good;

    buf_init(&line, DATABASE_DOCUMENT_BYTES_MAX);
    is_good = call_begin(sqlite, true);
    while (is_good && next(context, &line)) {
        if (!buf_ok(&line))
            code = no_memory(err);
        is_good = code == HM_OK && RUN(sqlite, LOADED_ADD, "x", line.data, line.length);
        buf_clear(&line);
    }
    buf_fini(&line);
    if (call_end(sqlite, is_good ? DATABASE_DONE : DATABASE_AWAY, true) != DATABASE_DONE &&
        code == HM_OK)
        code = hm_error_set(err, HM_BAD_INPUT, "--state sqlite: the world cannot be written: %s",
                            sqlite->why);
    return code;
}

static bool why(struct database *database, char text[DATABASE_WHY_BYTES])
{
    struct sqlite *sqlite = sqlite_of(database);

    call_begin(sqlite, false);
    memcpy(text, sqlite->why, sizeof sqlite->why);
    call_end(sqlite, DATABASE_SAME, false);
    return text[0] != '\0';
}

/* Else a mock that gets no request, since it is not healthy, would stay so. */
static bool check(struct database *database, char text[DATABASE_WHY_BYTES])
{
    struct sqlite *sqlite = sqlite_of(database);
    bool is_good;

    if (!why(database, text))
        return false;
    is_good = call_begin(sqlite, true) && sqlite_file_touch(sqlite->db);
    call_end(sqlite, is_good ? DATABASE_DONE : DATABASE_AWAY, true);
    return why(database, text);
}

static void sqlite_close(struct database *database)
{
    struct sqlite *sqlite = sqlite_of(database);

    for (size_t i = 0; i < QUERIES; i++)
        sqlite3_finalize(sqlite->prepared[i]);
    sqlite3_close(sqlite->db);
    pthread_mutex_destroy(&sqlite->lock);
    free(sqlite);
}

static enum hm_code sqlite_open(struct database **database, const char *spec, struct hm_error *err)
{
    struct sqlite *sqlite = calloc(1, sizeof *sqlite);
    const char *path = spec + strlen("sqlite:");
    enum hm_code code;

    *database = NULL;
    if (sqlite == NULL)
        return no_memory(err);
    sqlite->base.kind = &database_sqlite;
    pthread_mutex_init(&sqlite->lock, NULL);
    TRY(sqlite_file_open(&sqlite->db, path, err));
    for (size_t i = 0; i < QUERIES; i++) {
        if (sqlite3_prepare_v3(sqlite->db, queries[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &sqlite->prepared[i], NULL) != SQLITE_OK)
            TRY(hm_error_set(err, HM_BAD_INPUT,
                             "--state sqlite:%s: this file is damaged (%s); restore a copy of it, "
                             "or name a new file",
                             path, sqlite3_errmsg(sqlite->db)));
    }
    *database = &sqlite->base;
    sqlite = NULL;
out:
    if (sqlite != NULL)
        sqlite_close(&sqlite->base);
    return code;
}

const struct database_kind database_sqlite = {
    .name = "sqlite",
    .spec = "sqlite:FILE",
    .open = sqlite_open,
    .close = sqlite_close,
    .why = why,
    .check = check,
    .document_read = document_read,
    .document_write = document_write,
    .worlds = worlds,
    .world_drop = world_drop,
    .list_read = list_read,
    .list_write = list_write,
    .faults_count = faults_count,
    .faults_counts = faults_counts,
    .world_read = world_read,
    .world_add = world_add,
    .next_id = next_id,
};
