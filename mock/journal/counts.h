/* Counters of the requests of all worlds, except those to the control plane. */
#ifndef MOCK_JOURNAL_COUNTS_H
#define MOCK_JOURNAL_COUNTS_H

#include "journal/busiest.h"
#include <heymarket/finding.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;
struct mock;
struct sandbox;

enum { STATUSES = 600, TOKEN_AGE_RANGES = 9 };

/* Ages of at least @from_s and less than @to_s; the first and last range are open. */
struct age_range {
    int64_t from_s, to_s;
    const char *name;
};
extern const struct age_range token_age_ranges[TOKEN_AGE_RANGES];

/* How old tokens were when they were used [J6 J12], by the mock's clock: shows whether a client
 * signs each request or keeps its tokens, and how close to their end. */
struct token_ages {
    atomic_ullong uses[TOKEN_AGE_RANGES];
    atomic_llong oldest_good_s; /* the oldest token that was accepted */
};

struct finding_count {
    atomic_ullong times[2];     /* by enum hm_severity */
    _Atomic(char *) message[2]; /* of the first one; NULL: out of memory */
};

struct counts {
    atomic_ullong requests;
    atomic_ullong accepted;  /* 2xx, and the answer went out whole */
    atomic_ullong refused;   /* 4xx */
    atomic_ullong warned;    /* with a warning, accepted or not */
    atomic_ullong limited;   /* 429 of the rate limit */
    atomic_ullong faults;    /* the answer was a fault's */
    atomic_ullong unmatched; /* path or method unknown [T6] */
    atomic_ullong expected;  /* 4xx that a test wants; neither at fault nor among the findings */
    atomic_ullong others;    /* calls that the mock does not have; counted nowhere else */
    atomic_ullong at_fault;  /* 4xx that are the client's: neither a due fault nor 429 */
    atomic_ullong statuses[STATUSES];
    struct finding_count findings[HM_MISTAKE_COUNT];
    struct token_ages ages;
    struct busiest busiest;
};

/* A zeroed struct is empty. */
void counts_fini(struct counts *counts);

/* Is it about an unknown path or method [T6]? */
bool mistake_is_unmatched(enum hm_mistake mistake);

/* Counts an exchange that has its answer, in @counts and for its sandbox. Safe for threads. */
void counts_add(struct counts *counts, const struct exchange *x);

/* Those of one world. */
struct figures_shown {
    unsigned long long requests, accepted, refused, warned;
};

/* Of the main world, they are what all have without the sandboxes. */
struct figures_shown counts_figures(struct sandbox *sandbox, struct mock *mock);

struct finding_sum {
    enum hm_mistake mistake;
    enum hm_severity severity;
    unsigned long long times;
    const char *message; /* of the first one; borrowed */
};

enum { FINDING_SUMS_MAX = 2 * HM_MISTAKE_COUNT };

/* The findings that occurred, in the order in which they are shown. Returns how many. */
size_t counts_findings(struct finding_sum sums[FINDING_SUMS_MAX], struct counts *counts);

/* Counts one use. Safe for threads. */
void token_ages_add(struct token_ages *ages, double age_s, bool is_good);

unsigned long long token_ages_uses(const struct token_ages *ages);

#endif
