/* uthash, set so that it never ends the program when memory runs out: after a HASH_ADD the
 * element's hh.tbl is NULL if there was none, and the element is not in the table. */
#ifndef SUPPORT_HASH_H
#define SUPPORT_HASH_H

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#endif
