/* Other texts in place of ID||KEY: the record in which programs keep ID and key, used as a whole,
 * and placeholders that were left in place. */
#ifndef CONTRACT_KEY_RECORDS_H
#define CONTRACT_KEY_RECORDS_H

#include "contract/key_mistakes.h"

/* Calls @try with each record of @id and @key, until it returns false. */
void key_records_try(const char *id, const char *key, key_try_fn *try, void *context);

/* The same with each placeholder. */
void key_placeholders_try(key_try_fn *try, void *context);

#endif
