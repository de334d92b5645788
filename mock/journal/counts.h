/* Figures of all requests so far, those of the control plane not counted. */
#ifndef MOCK_JOURNAL_COUNTS_H
#define MOCK_JOURNAL_COUNTS_H

#include "journal/busiest.h"
#include "journal/token_ages.h"
#include <heymarket/finding.h>
#include <stdatomic.h>

struct exchange;

enum { STATUSES = 600 };

/* One kind of finding, as it refused and as it warned. */
struct finding_count {
    atomic_ullong times[2];     /* by enum hm_severity */
    _Atomic(char *) message[2]; /* of the first one; NULL: none */
};

struct counts {
    atomic_ullong requests;
    atomic_ullong accepted;  /* 2xx, and the answer went out whole */
    atomic_ullong refused;   /* 4xx */
    atomic_ullong warned;    /* with a warning, accepted or not */
    atomic_ullong limited;   /* 429 of the rate limit */
    atomic_ullong faults;    /* a due fault made the answer */
    atomic_ullong unmatched; /* path or method unknown [T6] */
    atomic_ullong at_fault;  /* 4xx that are the client's: neither a due fault nor 429 */
    atomic_ullong statuses[STATUSES];
    struct finding_count findings[HM_MISTAKE_COUNT];
    struct token_ages ages;
    struct busiest busiest;
};

/* Frees what was kept of findings and secrets. A zeroed struct is fine. */
void counts_fini(struct counts *counts);

/* Counts an exchange that has its answer. Takes no lock; safe for threads. */
void counts_add(struct counts *counts, const struct exchange *x);

/* One kind of finding and how often. */
struct finding_sum {
    enum hm_mistake mistake;
    enum hm_severity severity;
    unsigned long long times;
    const char *message; /* of the first one; borrowed */
};

enum { FINDING_SUMS_MAX = 2 * HM_MISTAKE_COUNT };

/* The kinds that there were, in the order in which findings are shown. Returns how many. */
size_t counts_findings(struct finding_sum sums[FINDING_SUMS_MAX], struct counts *counts);

#endif
