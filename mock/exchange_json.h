/* An exchange as JSON [design 5], redacted [design 10]: one writer for the journal and for the
 * lines of --log json. */
#ifndef EXCHANGE_JSON_H
#define EXCHANGE_JSON_H

#include "buf.h"
#include "clock.h"
#include <stdbool.h>
#include <stdint.h>

struct exchange;
struct journal_entry;

enum {
    EXCHANGE_BODY_BYTES_MAX = 4096, /* of a body that are shown */
    EXCHANGE_JSON_BYTES_MAX = 512 * 1024,
    EXCHANGE_KEPT_BYTES = 16 * 1024, /* a longer text's memory is given back */
    METHOD_SHOWN_MAX = 20
};

/* What a worker remembers of the requests before: most of them come with the same token, in the
 * same second. */
struct exchange_memory {
    char time[CLOCK_UTC_TEXT];
    int64_t time_s;              /* INT64_MIN: none */
    struct buf path, shown_path; /* as it came, and as it is shown */
    unsigned long long path_masked_by;
    struct buf authorization;
    struct buf token;             /* its header and claims, as members */
    unsigned long long masked_by; /* mask_serial() */
    struct buf work, texts;
    struct journal_entry *spare; /* one that left the journal, for its memory; NULL: none */
};

void exchange_memory_init(struct exchange_memory *memory);
void exchange_memory_fini(struct exchange_memory *memory);

/* Appends {"v":1,"request_id":…}; without the body and body_truncated where they are not asked
 * for. */
void exchange_write_json(struct buf *out, struct exchange *x, int64_t us, bool with_body);

/* Appends method and path as they are shown; "-" where there was no telling. */
void exchange_write_method(struct buf *out, const struct exchange *x);
void exchange_write_path(struct buf *out, struct exchange *x);

#endif
