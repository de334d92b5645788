/* Compares an answer with an expectation of its case. */
#ifndef SUITE_JUDGE_MATCH_EXPECT_H
#define SUITE_JUDGE_MATCH_EXPECT_H

#include "cases/expect.h"
#include "judge/match.h"
#include "play/round_trip.h"
#include "recipe/marks.h"
#include <stddef.h>

/* @trips are those of the case's steps; the expectation belongs to step @step (an index). */
void match_expect(struct match *match, const struct expect *expect, const struct round_trip *trips,
                  size_t step, struct case_marks *marks);

#endif
