#include "store/table.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 8 };

void table_fini(struct table *table)
{
    free(table->slots);
    *table = (struct table){ 0 };
}

/* Finds a free slot; there is always one, for a table is at most three quarters full. */
static void put(struct table_slot *slots, uint32_t capacity, struct table_slot slot)
{
    uint32_t at = slot.hash & (capacity - 1);

    while (slots[at].value != TABLE_NONE)
        at = (at + 1) & (capacity - 1);
    slots[at] = slot;
}

static bool grow(struct table *table)
{
    uint32_t capacity = table->capacity == 0 ? FIRST_SLOTS : table->capacity * 2;
    struct table_slot *slots;

    if (capacity < table->capacity)
        return false;
    slots = malloc((size_t)capacity * sizeof *slots);
    if (slots == NULL)
        return false;
    memset(slots, 0xFF, (size_t)capacity * sizeof *slots); /* TABLE_NONE everywhere */
    for (uint32_t i = 0; i < table->capacity; i++) {
        if (table->slots[i].value != TABLE_NONE)
            put(slots, capacity, table->slots[i]);
    }
    free(table->slots);
    table->slots = slots;
    table->capacity = capacity;
    return true;
}

bool table_add(struct table *table, uint64_t hash, uint32_t value)
{
    if (table->count >= table->capacity / 4 * 3 && !grow(table))
        return false;
    put(table->slots, table->capacity, (struct table_slot){ (uint32_t)hash, value });
    table->count++;
    return true;
}

uint32_t table_find(const struct table *table, uint64_t hash,
                    bool (*is_equal)(uint32_t value, const void *context), const void *context)
{
    uint32_t short_hash = (uint32_t)hash;

    if (table->capacity == 0)
        return TABLE_NONE;
    for (uint32_t at = short_hash & (table->capacity - 1); table->slots[at].value != TABLE_NONE;
         at = (at + 1) & (table->capacity - 1)) {
        if (table->slots[at].hash == short_hash && is_equal(table->slots[at].value, context))
            return table->slots[at].value;
    }
    return TABLE_NONE;
}

/* Odd constants of 64 random-looking bits; multiplication and a shift mix each word in. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

uint64_t table_hash(const void *data, size_t length)
{
    const unsigned char *at = data;
    uint64_t hash = mix(UINT64_C(0xD6E8FEB86659FD93), length);
    uint64_t word;

    for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, at, length);
    return mix(mix(hash, word), 0);
}
