/* The busiest minute [E4]: the most requests of one secret in any 60 seconds, to a tenth of a
 * second. Measured in real time, not by the mock's clock. */
#ifndef MOCK_JOURNAL_BUSIEST_H
#define MOCK_JOURNAL_BUSIEST_H

#include <stddef.h>
#include <stdint.h>

enum { BUSIEST_SECRETS_MAX = 256 }; /* later ones are not measured */

struct minute;

/* A zeroed struct is empty. */
struct busiest {
    struct minute *at[BUSIEST_SECRETS_MAX]; /* allocated at a secret's first request */
};

void busiest_fini(struct busiest *busiest);

/* Counts a request of the secret with this index; @us: its monotonic time. Safe for threads. */
void busiest_add(struct busiest *busiest, size_t secret, int64_t us);

struct busiest_minute {
    uint64_t requests; /* 0: there were none */
    size_t secret;
};

struct busiest_minute busiest_find(const struct busiest *busiest);

#endif
