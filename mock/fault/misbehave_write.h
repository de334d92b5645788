/* --misbehave: writes that go wrong. */
#ifndef MOCK_FAULT_MISBEHAVE_WRITE_H
#define MOCK_FAULT_MISBEHAVE_WRITE_H

#include "fault/misbehave.h"

/* Creates a channel in place of the store, and takes the view. False: nothing was done, and the
 * write is the store's. */
bool misbehave_write(enum hm_code *code, struct exchange *x);

#endif
