/* Which world a request belongs to. */
#ifndef MOCK_SANDBOX_SANDBOX_CHOOSE_H
#define MOCK_SANDBOX_SANDBOX_CHOOSE_H

#include "exchange/exchange.h"

/* Moves the exchange to the sandbox whose control plane is called; or whose secret ID is the
 * token's iss, which is not verified yet; or, where that says nothing, whose contact is in the
 * path. Else it stays with the main world. STEP_ANSWERED: out of memory. */
enum step_result sandbox_choose(struct exchange *x);

#endif
