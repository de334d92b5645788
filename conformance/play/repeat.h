/* What a reader types to see a failure again: curl lines that mint their own tokens. A token that
 * was pasted would be dead, and a leak. */
#ifndef SUITE_PLAY_REPEAT_H
#define SUITE_PLAY_REPEAT_H

#include "cases/case.h"
#include "play/round_trip.h"
#include "support/buf.h"
#include "target/target.h"
#include <stddef.h>

enum { REPEAT_BYTES_MAX = 256 * 1024 };

struct repeat {
    const struct target *target;
    const char *fixtures; /* --fixtures of the run; NULL: built in */
    const char *ca_file;  /* the only roots that the run believes; NULL: the system's */
};

/* Appends one line for each step up to @last that was tried, and before them, as a comment, the
 * mock to start, if it was ours and has ended with the run. */
void repeat_write(struct buf *out, const struct repeat *repeat, const struct test_case *test,
                  const struct round_trip *trips, size_t last);

#endif
