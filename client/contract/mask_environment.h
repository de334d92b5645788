/* The keys that the environment has, hidden in messages: a user may have put one where something
 * else belongs. */
#ifndef CONTRACT_MASK_ENVIRONMENT_H
#define CONTRACT_MASK_ENVIRONMENT_H

#include "contract/mask.h"
#include "support/buf.h"

/* Of the variables of variables.h. NULL: out of memory. */
struct mask *mask_new_of_environment(void);

/* Appends a message, masked and safe for a terminal; for struct program. */
void mask_environment_write(struct buf *out, const char *text, size_t length);

#endif
