/* What the reports of `run` are made of. */
#ifndef MOCK_RUN_RUN_REPORT_DATA_H
#define MOCK_RUN_RUN_REPORT_DATA_H

#include "journal/counts.h"
#include "journal/journal.h"
#include "run/outcome.h"
#include "support/buf.h"
#include <stddef.h>

enum {
    REPORT_BYTES_MAX = 64 * 1024 * 1024,
    REPORT_EXCHANGES_MAX = 50 /* the last ones that the journal has */
};

struct report {
    const struct outcome *outcome;
    struct buf command; /* as a shell would read it; what may be a secret is hidden */
    struct finding_sum findings[FINDING_SUMS_MAX];
    size_t finding_count;
    struct busiest_minute busiest;
    const char *busiest_secret;    /* its ID; borrowed, NULL: none */
    struct journal_view exchanges; /* all that the journal has, the oldest first */
};

#endif
