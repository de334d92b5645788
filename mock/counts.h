/* Figures of all requests so far, those of the control plane not counted. */
#ifndef COUNTS_H
#define COUNTS_H

#include <heymarket/finding.h>
#include <stdatomic.h>

struct exchange;

struct counts {
    atomic_ullong requests;
    atomic_ullong accepted; /* 2xx */
    atomic_ullong refused;  /* 4xx */
    atomic_ullong warned;   /* with a warning, accepted or not */
    atomic_ullong findings[HM_MISTAKE_COUNT];
};

/* Counts an exchange that has its answer. Safe for threads. */
void counts_add(struct counts *counts, const struct exchange *x);

#endif
