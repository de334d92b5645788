/* What --state can be. */
#ifndef MOCK_DATABASE_DATABASE_KINDS_H
#define MOCK_DATABASE_DATABASE_KINDS_H

#include "database/database.h"

/* The kinds that are built in besides memory; NULL at the end. */
extern const struct database_kind *const database_kinds[];

/* Opens what --state says: KIND:..., or "memory", which makes it NULL.
 * returns HM_OK; HM_BAD_ARGUMENT: no such kind, with those that are built in; what open() returns
 */
HM_MUST_USE enum hm_code database_open(struct database **database, const char *spec,
                                       struct hm_error *err);

#endif
