/* One line on a terminal that says how far a run is; nothing where there is no terminal, in CI, and
 * in the first two seconds. */
#ifndef SUITE_RUN_PROGRESS_H
#define SUITE_RUN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROGRESS_AFTER_MS = 2000, PROGRESS_EVERY_MS = 100 };

struct progress {
    int fd; /* a copy of standard error, which cmocka diverts; -1: nothing is shown */
    size_t total;
    int64_t started_ms;
    int64_t shown_ms; /* 0: nothing stands on the line */
};

void progress_begin(struct progress *progress, size_t total);

/* The case @name is about to run; @done are behind it, of which @failed failed. */
void progress_show(struct progress *progress, const char *name, size_t done, size_t failed);

/* Clears the line, for something else to be printed. */
void progress_hide(struct progress *progress);

/* The same, for good. */
void progress_end(struct progress *progress);

#endif
