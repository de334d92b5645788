/* uthash with the settings of this project. It never ends the program when memory runs out: after a
 * HASH_ADD the element's hh.tbl is NULL if there was none, and the element is not in the table. */
#ifndef SUPPORT_HASH_H
#define SUPPORT_HASH_H

#define HASH_NONFATAL_OOM 1
#define HASH_FUNCTION     HASH_SFH /* for short keys much cheaper than Jenkins's, its default */
#include <uthash.h>

#endif
