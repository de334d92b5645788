/* `run --report FILE`: the result of a run for programs (.json), CI (.xml, JUnit) and people
 * (.html). */
#ifndef MOCK_RUN_RUN_REPORT_H
#define MOCK_RUN_RUN_REPORT_H

#include "journal/counts.h"
#include "journal/journal.h"
#include "run/outcome.h"
#include "support/buf.h"
#include <heymarket/error.h>

enum {
    REPORT_BYTES_MAX = 64 * 1024 * 1024,
    REPORT_EXCHANGES_MAX = 50 /* the last ones that the journal has */
};

/* Does each name end in .json, .xml or .html, and is there a directory to write it to?
 * returns HM_OK; HM_BAD_ARGUMENT */
HM_MUST_USE enum hm_code reports_check(const struct option_texts *paths, struct hm_error *err);

/* Writes them, each whole or not at all, mode 0600.
 * returns HM_OK; the first failure, after all were tried */
HM_MUST_USE enum hm_code reports_write(const struct outcome *outcome, struct hm_error *err);

/* What a report is made of. */
struct report {
    const struct outcome *outcome;
    struct buf command; /* as a shell would read it; what may be a secret is hidden */
    struct finding_sum findings[FINDING_SUMS_MAX];
    size_t finding_count;
    struct busiest_minute busiest;
    const char *busiest_secret;    /* its ID; borrowed, NULL: none */
    struct journal_view exchanges; /* all that the journal has, the oldest first */
};

/* The writers; a failure stays in the buffer. */
void report_json(struct buf *out, const struct report *report);
void report_junit(struct buf *out, const struct report *report);
void report_html(struct buf *out, const struct report *report);

#endif
