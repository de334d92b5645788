/* --misbehave: wrong judgement of requests. */
#ifndef MOCK_FAULT_MISBEHAVE_CHECK_H
#define MOCK_FAULT_MISBEHAVE_CHECK_H

#include "fault/misbehave.h"

/* The result of a check as the current behaviour changes it: a refused request may continue, and
 * the reverse. Without a behaviour: @result. */
enum step_result misbehave_check(struct exchange *x, enum check check, enum step_result result);

#endif
