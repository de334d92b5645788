/* The busiest minute [E4]: the most requests that one secret has made in any 60 seconds, to a tenth
 * of a second. By real time, not by the mock's clock: how fast somebody really was. */
#ifndef MOCK_JOURNAL_BUSIEST_H
#define MOCK_JOURNAL_BUSIEST_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BUSIEST_SECRETS_MAX = 256, /* of later ones nothing is noted */
    E4_REQUESTS_A_MINUTE = 500 /* the documented figure */
};

struct minute;

/* Zeroed, it is empty. */
struct busiest {
    _Atomic(struct minute *) at[BUSIEST_SECRETS_MAX]; /* made at a secret's first request */
};

void busiest_fini(struct busiest *busiest);

/* Notes a request of the secret with this index that began at @us, monotonic. Takes no lock; safe
 * for threads. */
void busiest_add(struct busiest *busiest, size_t secret, int64_t us);

struct busiest_minute {
    uint64_t requests; /* 0: there was none */
    size_t secret;
};

/* Once no more come. */
struct busiest_minute busiest_find(struct busiest *busiest);

#endif
