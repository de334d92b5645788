/* The commands that repeat a failure: curl lines that sign their own tokens. A copied token
 * would have expired, and would be a leak. */
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
    const char *fixtures;       /* --fixtures of the run; NULL: built-in */
    const struct http_tls *tls; /* of the run */
    const char *target_file;    /* --target of the run, which has the secrets; NULL: none */
    const char *base_url;       /* --base-url of the run, which the file may not have; NULL: none */
};

/* Appends one line for each step up to @last that was sent. If the mock was started for the run,
 * a comment before them says how to start it. */
void repeat_write(struct buf *out, const struct repeat *repeat, const struct test_case *test,
                  const struct round_trip *trips, size_t last);

#endif
