/* --misbehave: lists of channels that are wrong. */
#ifndef MOCK_FAULT_MISBEHAVE_LIST_H
#define MOCK_FAULT_MISBEHAVE_LIST_H

#include "fault/misbehave.h"

/* Changes the list of channels that is about to be answered. */
void misbehave_list(struct exchange *x);

#endif
