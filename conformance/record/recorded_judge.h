/* Judges the target's answer to one call of the application: the same rules as for cases. A target
 * is treated as one that may differ where the contract is silent. */
#ifndef SUITE_RECORD_RECORDED_JUDGE_H
#define SUITE_RECORD_RECORDED_JUDGE_H

#include "judge/judge.h"
#include "record/recorded.h"
#include "record/recorded_contacts.h"

/* Fills x->result. Only an operation of the contract is judged in full. */
void recorded_judge(struct recorded *x, const struct judge *judge,
                    const struct recorded_contacts *contacts);

#endif
