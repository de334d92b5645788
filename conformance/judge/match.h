/* The result of one expectation: does it hold, what was expected, what was found. */
#ifndef SUITE_JUDGE_MATCH_H
#define SUITE_JUDGE_MATCH_H

#include "play/round_trip.h"
#include "support/buf.h"
#include <jansson.h>

enum match_verdict {
    MATCH_HOLDS,
    MATCH_DIFFERS,
    MATCH_DIFFERS_IN_CLASS, /* the status is of another class (4xx, not 2xx): the rest does not
                               matter */
    MATCH_VOID              /* cannot be compared: the other step has no list */
};

#define MATCH_FINDING_HEADER "X-Mock-Finding"

enum { MATCH_TEXT_MAX = 2048 };

struct match {
    enum match_verdict verdict;
    size_t others;       /* channels in the list that the case did not send */
    struct buf expected; /* one line of text each */
    struct buf actual;
};

void match_init(struct match *match);
void match_fini(struct match *match);

/* Appends a value as compact JSON, quoted by round_trip_quote(); NULL: "nothing". */
void match_append(struct buf *out, const struct round_trip *trip, json_t *value);

#endif
