/* An open-addressing hash table from a 64-bit hash to a 32-bit number, eight bytes a slot: the
 * number leads to the thing itself, which the caller compares. Grows, never shrinks. */
#ifndef MOCK_STORE_TABLE_H
#define MOCK_STORE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TABLE_NONE UINT32_MAX

struct table_slot {
    uint32_t hash;
    uint32_t value;
};

/* A zeroed one is empty. */
struct table {
    struct table_slot *slots;
    uint32_t capacity; /* 0 or a power of two */
    uint32_t count;
};

void table_fini(struct table *table);

/* Adds a value (not TABLE_NONE) under a hash; the caller has looked it up before. False: out of
 * memory, or four billion values. */
__attribute__((warn_unused_result)) bool table_add(struct table *table, uint64_t hash,
                                                   uint32_t value);

/* The first value under the hash for which @is_equal says so, or TABLE_NONE. */
uint32_t table_find(const struct table *table, uint64_t hash,
                    bool (*is_equal)(uint32_t value, const void *context), const void *context);

/* A hash of some bytes; the same within one program, for tables only. */
uint64_t table_hash(const void *data, size_t length);

#endif
