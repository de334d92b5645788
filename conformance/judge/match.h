/* What came of one expectation: does it hold, what was expected, what was there. */
#ifndef SUITE_JUDGE_MATCH_H
#define SUITE_JUDGE_MATCH_H

#include "play/round_trip.h"
#include "support/buf.h"
#include <jansson.h>

enum match_verdict {
    MATCH_HOLDS,
    MATCH_DIFFERS,
    MATCH_DIFFERS_IN_CLASS, /* a status of another hundred: what is said of the rest of the answer
                               is beside the point */
    MATCH_VOID              /* cannot be said: the step to compare with gave no list */
};

#define MATCH_FINDING_HEADER "X-Mock-Finding"

enum { MATCH_TEXT_MAX = 2048 };

struct match {
    enum match_verdict verdict;
    struct buf expected; /* for a reader; one line each */
    struct buf actual;
};

void match_init(struct match *match);
void match_fini(struct match *match);

/* Appends a value as compact JSON, as it may be quoted; NULL: "nothing". */
void match_append(struct buf *out, const struct round_trip *trip, json_t *value);

#endif
