/* What may be told of an exchange [design 5], redacted [design 10]: for the journal, and for the
 * lines of the log. */
#ifndef MOCK_JOURNAL_EXCHANGE_JSON_H
#define MOCK_JOURNAL_EXCHANGE_JSON_H

#include "contract/mask.h"
#include "support/buf.h"
#include <stdbool.h>

struct exchange;
struct journal_entry;

enum {
    EXCHANGE_BODY_BYTES_MAX = 4096, /* of a body that are shown */
    EXCHANGE_JSON_BYTES_MAX = 512 * 1024,
    EXCHANGE_KEPT_BYTES = 16 * 1024, /* a longer text's memory is given back */
    METHOD_SHOWN_MAX = 20
};

/* What is remembered of the requests before: most of them come with the same token. */
struct exchange_memory {
    struct buf authorization;
    struct masking masking;    /* what it leads to; the signature is in @authorization */
    unsigned long long serial; /* of the mask; 0: nothing is remembered */
    struct buf token;          /* its header and claims, as members of JSON */
    struct buf path;           /* one that came with this token; empty: none */
    struct buf shown_path;
    struct buf work, texts;
    struct journal_entry *spare; /* one that left the journal, for its memory; NULL: none */
};

void exchange_memory_init(struct exchange_memory *memory);
void exchange_memory_fini(struct exchange_memory *memory);

/* Fills in what @told tells of an exchange that has its answer; its texts stand one behind the
 * other in the exchange's memory.texts, from the method to the fault, until the next call. False:
 * out of memory, or it would be too long. */
__attribute__((warn_unused_result)) bool exchange_tell(struct journal_entry *told,
                                                       struct exchange *x);

#endif
