/* --misbehave: wrong judgement of requests. */
#ifndef MOCK_FAULT_MISBEHAVE_CHECK_H
#define MOCK_FAULT_MISBEHAVE_CHECK_H

#include "fault/misbehave.h"

/* The result of a check as the current behaviour changes it: a refused request may continue, and
 * the reverse. */
enum step_result misbehave_judge(struct exchange *x, enum check check, enum step_result result);

/* The same; without a behaviour: @result. */
static inline enum step_result misbehave_check(struct exchange *x, enum check check,
                                               enum step_result result)
{
    return x->sandbox->misbehaving == NULL ? result : misbehave_judge(x, check, result);
}

#endif
