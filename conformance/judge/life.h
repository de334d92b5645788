/* [J6] How long a token lives by the target's own Date: the steps of a case with "by_date". */
#ifndef SUITE_JUDGE_LIFE_H
#define SUITE_JUDGE_LIFE_H

#include "cases/case.h"
#include "cases/expect.h"
#include "judge/match.h"
#include "judge/result.h"
#include "play/round_trip.h"
#include <stddef.h>

/* Compares with what the first two steps show: the answer to a refused token and to an accepted
 * one. MATCH_VOID: they do not differ, or the answer is neither. */
void match_token(struct match *match, const struct expect *expect, const struct round_trip *trips,
                 size_t step);

/* The grade of a step whose token had not the expected fate. It is only a warning if a repeat of
 * the step disagrees, or if the limit is off by two to five seconds: then the clock of Date may
 * not be the one that checks tokens. Appends why. */
enum grade life_grade(const struct test_case *test, const struct round_trip *trips, size_t step,
                      struct buf *why);

/* Adds an observation if the limit stays unknown. */
void life_note(struct result *result, const struct round_trip *trips);

#endif
