/* The way of every request to the API: the same steps in the same order for all operations of
 * operations.def, each of which supplies what it does and what it answers. */
#ifndef MOCK_OPERATION_STEPS_H
#define MOCK_OPERATION_STEPS_H

#include "exchange/exchange.h"

/* Ends with NULL. */
extern const step_fn api_steps[];

#define OPERATION(Id, Name, ...) extern const struct operation op_##Name;
#include "contract/operations.def"
#undef OPERATION

#endif
