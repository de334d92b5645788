/* Holds an expectation against an answer: does it hold, what was expected, what was there. */
#ifndef SUITE_JUDGE_MATCH_H
#define SUITE_JUDGE_MATCH_H

#include "cases/expect.h"
#include "play/round_trip.h"
#include "recipe/marks.h"
#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>

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

/* @exchanges are those of the case's steps, of which the expectation belongs to number @step. */
void match_expect(struct match *match, const struct expect *expect,
                  const struct exchange *exchanges, size_t step, struct case_marks *marks);

#endif
