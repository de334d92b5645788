/* --misbehave: writes that go wrong. */
#ifndef MOCK_FAULT_MISBEHAVE_WRITE_H
#define MOCK_FAULT_MISBEHAVE_WRITE_H

#include "fault/misbehave.h"

/* Writes in place of the store, and takes the view. HM_BAD_ARGUMENT: nothing was done, the write is
 * the store's. */
enum hm_code misbehave_write(struct exchange *x);

#endif
