/* One line on a terminal that shows how far a run is. Nothing without a terminal, in CI, and in the
 * first two seconds. */
#ifndef SUITE_RUN_PROGRESS_H
#define SUITE_RUN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROGRESS_AFTER_MS = 2000, PROGRESS_EVERY_MS = 100 };

struct progress {
    bool is_on; /* false in a zeroed struct: nothing is shown */
    size_t total;
    int64_t started_ms;
    int64_t shown_ms; /* 0: the line is empty */
};

void progress_begin(struct progress *progress, size_t total);

/* The case @name is next; @done cases have run, of which @failed failed. */
void progress_show(struct progress *progress, const char *name, size_t done, size_t failed);

/* Clears the line, before something else is printed or at the end. */
void progress_hide(struct progress *progress);

#endif
