/* What a thread remembers of the requests before: most of them come with the same token. */
#ifndef MOCK_EXCHANGE_EXCHANGE_MEMORY_H
#define MOCK_EXCHANGE_EXCHANGE_MEMORY_H

#include "contract/mask.h"
#include "support/buf.h"

enum {
    EXCHANGE_JSON_BYTES_MAX = 512 * 1024,
    EXCHANGE_KEPT_BYTES = 16 * 1024 /* longer texts are freed after the request */
};

struct journal_entry;

struct exchange_memory {
    struct buf authorization;
    struct masking masking;    /* what it leads to; the signature is in @authorization */
    unsigned long long serial; /* of the mask; 0: nothing is remembered */
    struct buf token;          /* its header and claims, as members of JSON */
    struct buf work, texts;
    struct journal_entry *spare; /* one that left the journal, for its memory; NULL: none */
};

/* Allocates nothing. */
void exchange_memory_init(struct exchange_memory *memory);
void exchange_memory_fini(struct exchange_memory *memory);

#endif
