/* --misbehave: answers whose status, headers or body are wrong. */
#ifndef MOCK_FAULT_MISBEHAVE_ANSWER_H
#define MOCK_FAULT_MISBEHAVE_ANSWER_H

#include "fault/misbehave.h"

/* Changes any answer before its bytes are made. */
void misbehave_answer(struct exchange *x);

#endif
