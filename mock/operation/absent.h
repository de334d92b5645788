/* The refusal of a type of which the contact has no channel, with what was probably meant [G4 G5].
 */
#ifndef MOCK_OPERATION_ABSENT_H
#define MOCK_OPERATION_ABSENT_H

#include "exchange/exchange.h"

/* Refuses the type in x->values. */
enum step_result absent_refuse(struct exchange *x);

#endif
