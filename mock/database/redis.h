/* --state redis://: state that several mocks share; rediss:// is the same over TLS. */
#ifndef MOCK_DATABASE_REDIS_H
#define MOCK_DATABASE_REDIS_H

#include "database/database.h"

extern const struct database_kind database_redis, database_rediss;

#endif
