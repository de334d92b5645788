/* The file of a SQLite database: making it, and refusing what is not one of ours. */
#ifndef MOCK_DATABASE_SQLITE_FILE_H
#define MOCK_DATABASE_SQLITE_FILE_H

#include <heymarket/error.h>
#include <sqlite3.h>
#include <stdbool.h>

/* Opens @path, which is made with mode 0600 if there is none, locks it for this process, and makes
 * the tables of a new one. A write survives the end of the process, however it ends.
 * @db: sqlite3_close() it, also after a failure.
 * returns HM_OK; HM_BAD_INPUT: what is wrong with the file and what to do */
HM_MUST_USE enum hm_code sqlite_file_open(sqlite3 **db, const char *path, struct hm_error *err);

/* Writes what is there already, within a transaction. False: it cannot be written. */
bool sqlite_file_touch(sqlite3 *db);

#endif
