/* Exchanges that came close to what was to be verified, and in what they differ: as data, and in
 * words. */
#ifndef MOCK_CONTROL_MISS_H
#define MOCK_CONTROL_MISS_H

#include "control/where.h"
#include "journal/journal.h"

enum { MISSES_SHOWN_MAX = 3, MISS_VALUE_BYTES_MAX = 80 };

struct miss {
    const struct journal_entry *entry;
    struct resemblance resemblance;
};

/* The closest ones, the closest first; of equals the one that was added first. A zeroed one is
 * empty. */
struct misses {
    size_t count;
    struct miss at[MISSES_SHOWN_MAX];
};

void misses_add(struct misses *misses, const struct journal_entry *entry,
                const struct resemblance *resemblance);

/* Appends ,"misses":[{"request_id":…,"time":…,"agrees":2,"of":3,"differences":[{"member":…,
 * "expected":…,"found":…}],"text":"same contact, but …"}]. What is absent has no "found". */
void misses_write(struct buf *out, const struct misses *misses, const struct where *where);

/* Appends {"request_id":…,"time":…,"status":…,"contact":…, without the closing brace. */
void entry_write_name(struct buf *out, const struct journal_entry *entry);

#endif
