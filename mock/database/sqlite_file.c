#include "database/sqlite_file.h"

#include "support/try.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    APPLICATION = 0x484d6b74, /* "HMkt": in the file's head, so that others know whose it is */
    FORMAT = 1,               /* of the tables; a change of them is another one */
    PREDECESSOR_MS = 1000     /* another mock may be about to end */
};

/* Without synchronous=FULL a write is in the system's hands when it is answered: it survives the
 * end of the process. A power cut may take the latest writes, and leaves the file whole. */
static const char settings[] = "PRAGMA locking_mode=EXCLUSIVE;"
                               "PRAGMA journal_mode=WAL;"
                               "PRAGMA synchronous=NORMAL;"
                               "PRAGMA wal_autocheckpoint=4000;" /* pages: 16 MiB */
                               "PRAGMA trusted_schema=OFF;";

static const char tables[] =
    "CREATE TABLE document(world TEXT PRIMARY KEY, version INTEGER NOT NULL, epoch INTEGER NOT "
    "NULL, ends_s INTEGER NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE TABLE list(world TEXT NOT NULL, epoch INTEGER NOT NULL, uuid BLOB NOT NULL, version "
    "INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(world, epoch, uuid)) STRICT;"
    "CREATE TABLE channel_id(world TEXT NOT NULL, epoch INTEGER NOT NULL, next INTEGER NOT NULL, "
    "PRIMARY KEY(world, epoch)) STRICT;"
    "CREATE TABLE fault(world TEXT NOT NULL, generation INTEGER NOT NULL, rule INTEGER NOT NULL, "
    "matched INTEGER NOT NULL, done INTEGER NOT NULL, PRIMARY KEY(world, generation, rule)) STRICT;"
    "CREATE TABLE loaded(place INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;";

/* Of worlds that ended while a request still wrote to them. */
static const char clearing[] = "BEGIN IMMEDIATE;"
                               "DELETE FROM list WHERE world NOT IN (SELECT world FROM document);"
                               "DELETE FROM channel_id WHERE world NOT IN (SELECT world FROM "
                               "document);"
                               "DELETE FROM fault WHERE world NOT IN (SELECT world FROM document);"
                               "COMMIT;";

static enum hm_code complain(struct hm_error *err, const char *path, const char *what)
{
    return hm_error_set(err, HM_BAD_INPUT, "--state sqlite:%s: %s", path, what);
}

static enum hm_code complain_sqlite(struct hm_error *err, const char *path, sqlite3 *db)
{
    switch (sqlite3_errcode(db) & 0xff) {
    case SQLITE_BUSY:
        return complain(err, path,
                        "another program has this file open; one mock at a time can use it. End "
                        "that one, or name another file");
    case SQLITE_NOTADB:
        return complain(err, path, "this file is not a SQLite database; name another file");
    case SQLITE_CORRUPT:
        return complain(err, path,
                        "this file is damaged; restore a copy of it, or name a new file");
    case SQLITE_READONLY:
        return complain(err, path,
                        "this file or its folder cannot be written; change its mode, or name "
                        "another file");
    default:
        return hm_error_set(err, HM_BAD_INPUT, "--state sqlite:%s: %s", path, sqlite3_errmsg(db));
    }
}

static enum hm_code exec(sqlite3 *db, const char *path, const char *sql, struct hm_error *err)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? HM_OK
                                                                : complain_sqlite(err, path, db);
}

/* The number that a query answers; 0 after a failure, which the connection remembers. */
static sqlite3_int64 number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_int64 value = 0;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* A new file gets its mode before there is anything in it. The descriptor is closed before SQLite
 * has one: closing it later would drop SQLite's lock. */
static enum hm_code file_make(const char *path, struct hm_error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
    struct stat status = { 0 };
    bool is_file = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);

    if (fd < 0)
        return complain(err, path, strerror(errno));
    close(fd);
    return is_file ? HM_OK : complain(err, path, "this is no file; name one");
}

static enum hm_code tables_make(sqlite3 *db, const char *path, struct hm_error *err)
{
    char stamp[96];

    sqlite3_snprintf(sizeof stamp, stamp, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
                     APPLICATION, FORMAT);
    if (exec(db, path, "BEGIN IMMEDIATE", err) == HM_OK && exec(db, path, tables, err) == HM_OK &&
        exec(db, path, stamp, err) == HM_OK && exec(db, path, "COMMIT", err) == HM_OK)
        return HM_OK;
    return HM_BAD_INPUT;
}

/* Is it ours, of this format, and whole? */
static enum hm_code file_check(sqlite3 *db, const char *path, struct hm_error *err)
{
    sqlite3_int64 format = number(db, "PRAGMA user_version");

    if (number(db, "PRAGMA application_id") != APPLICATION)
        return complain(err, path,
                        "this is a database of another program; nothing was changed. Name another "
                        "file");
    if (format != FORMAT)
        return hm_error_set(err, HM_BAD_INPUT,
                            "--state sqlite:%s: the file has format %lld, and this mock reads and "
                            "writes format %d; nothing was changed. Export it with the version "
                            "that wrote it, and import that: heymarket-mock state --help",
                            path, format, FORMAT);
    if (number(db, "SELECT quick_check = 'ok' FROM pragma_quick_check(1)") != 1)
        return complain(err, path,
                        "this file is damaged; restore a copy of it, or name a new file");
    return HM_OK;
}

bool sqlite_file_touch(sqlite3 *db)
{
    char sql[48];

    sqlite3_snprintf(sizeof sql, sql, "PRAGMA user_version=%d", FORMAT);
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

enum hm_code sqlite_file_open(sqlite3 **db, const char *path, struct hm_error *err)
{
    sqlite3_int64 objects;
    enum hm_code code;

    *db = NULL;
    if (*path == '\0' || *path == ':') /* SQLite has names of its own that begin so */
        return complain(err, path, "expected the name of a file, such as sqlite:mock.db");
    TRY(file_make(path, err));
    if (sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return complain_sqlite(err, path, *db);
    sqlite3_busy_timeout(*db, PREDECESSOR_MS);
    if (sqlite3_db_readonly(*db, "main") != 0)
        return complain(err, path, "this file cannot be written; change its mode");
    /* Nothing is written before it is known to be ours. */
    objects = number(*db, "SELECT count(*) FROM sqlite_schema");
    if (sqlite3_errcode(*db) != SQLITE_OK && sqlite3_errcode(*db) != SQLITE_DONE)
        return complain_sqlite(err, path, *db);
    if (objects > 0)
        TRY(file_check(*db, path, err));
    TRY(exec(*db, path, settings, err));
    if (objects == 0)
        TRY(tables_make(*db, path, err));
    TRY(exec(*db, path, clearing, err)); /* takes the lock, for good */
out:
    return code;
}
