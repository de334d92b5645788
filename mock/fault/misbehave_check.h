/* --misbehave: wrong judgement of requests. */
#ifndef MOCK_FAULT_MISBEHAVE_CHECK_H
#define MOCK_FAULT_MISBEHAVE_CHECK_H

#include "fault/misbehave.h"

/* The result of a check as the behaviour in force changes it: what was refused may go on, and the
 * reverse. Without one: @result. */
enum step_result misbehave_check(struct exchange *x, enum check check, enum step_result result);

#endif
