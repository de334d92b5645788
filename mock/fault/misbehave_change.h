/* --misbehave: updates, deletions and reads of one channel that are wrong. */
#ifndef MOCK_FAULT_MISBEHAVE_CHANGE_H
#define MOCK_FAULT_MISBEHAVE_CHANGE_H

#include "fault/misbehave.h"

/* Reads or writes in place of the store, and takes view and slice. False: nothing was done, and it
 * is the store's. */
bool misbehave_change(enum hm_code *code, struct exchange *x);

#endif
