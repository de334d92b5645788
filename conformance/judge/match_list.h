/* The expectations about the contact's list: holds, keeps, grows [R3 R4]. */
#ifndef SUITE_JUDGE_MATCH_LIST_H
#define SUITE_JUDGE_MATCH_LIST_H

#include "cases/expect.h"
#include "judge/match.h"
#include "play/round_trip.h"
#include "recipe/marks.h"

void match_holds(struct match *match, const struct expect *expect, const struct round_trip *trip,
                 struct case_marks *marks);
void match_keeps(struct match *match, const struct expect *expect, const struct round_trip *before,
                 const struct round_trip *trip, const struct case_marks *marks);

/* Counts only the channels that this case sent, those of its refused requests included: others may
 * write to the contact at the same time.
 *
 * step  index of the answer; expect->other_step that of the earlier one */
void match_grows(struct match *match, const struct expect *expect, const struct round_trip *trips,
                 size_t step, const struct case_marks *marks);

#endif
