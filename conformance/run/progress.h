/* How far a run is, on standard error: one line on a terminal, not in the first two seconds; in CI
 * and without a terminal a new line every ten seconds. */
#ifndef SUITE_RUN_PROGRESS_H
#define SUITE_RUN_PROGRESS_H

#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROGRESS_AFTER_MS = 2000, PROGRESS_EVERY_MS = 100, PROGRESS_LINE_MS = 10000 };

struct progress {
    bool is_on;       /* false in a zeroed struct: nothing is shown */
    bool is_terminal; /* the line is written over */
    size_t total;
    int64_t started_ms;
    int64_t shown_ms; /* 0: the line is empty */
};

void progress_begin(struct progress *progress, size_t total);

/* The case @name is next; @done cases have run, of which @failed failed. */
void progress_show(struct progress *progress, const char *name, size_t done, size_t failed);

/* Appends "120/649, 2 failed, 14 s, about 60 s left". */
void progress_describe(struct buf *out, const struct progress *progress, size_t done, size_t failed,
                       int64_t now_ms);

/* Clears the line, before something else is printed or at the end. */
void progress_hide(struct progress *progress);

#endif
