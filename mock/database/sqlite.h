/* --state sqlite:FILE: a file that one mock at a time has open. */
#ifndef MOCK_DATABASE_SQLITE_H
#define MOCK_DATABASE_SQLITE_H

#include "database/database.h"

extern const struct database_kind database_sqlite;

#endif
