/* uthash, set so that it never ends the program when memory runs out: after a HASH_ADD the
 * element's hh.tbl is NULL if there was none, and the element is not in the table. */
#ifndef SUPPORT_HASH_H
#define SUPPORT_HASH_H

#include <stddef.h>

/* The hash of a key, by a seed of the process, so that nobody can choose keys that collide. */
unsigned hash_of_key(const void *key, size_t length);

#define HASH_NONFATAL_OOM                 1
#define HASH_FUNCTION(key, length, hashv) (hashv) = hash_of_key(key, length)
#include <uthash.h>

#endif
