/* Which of the operations a foreign target has: some were never documented, so a target without
 * them is not accused. */
#ifndef SUITE_RUN_FAMILY_H
#define SUITE_RUN_FAMILY_H

#include "cases/catalog.h"
#include "run/asker.h"
#include "target/target.h"
#include <heymarket/error.h>
#include <stdbool.h>

/* What family_look() sends, one more if it creates. */
enum { FAMILY_REQUESTS = 5 };

/* Does a chosen case use an operation other than channel_create? */
bool family_is_used(const struct catalog *catalog);

/* Sets @lacks (see struct target): the operations that are answered with 404, 405 or 501.
 *
 * creates  for a channel that this creates, updates and deletes; else nothing is written, and a
 *          target that answers 404 to a deletion has it if it has channel_get
 * returns  HM_OK, HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code family_look(unsigned *lacks, const struct asker *asker, bool creates,
                                     struct hm_error *err);

/* Appends the names of the operations in @lacks with commas between. */
void family_write(struct buf *out, unsigned lacks);

/* Does a target that lacks these have a part of the family? */
bool family_is_part(unsigned lacks);

#endif
