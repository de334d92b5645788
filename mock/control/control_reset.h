/* POST /_mock/reset: back to what was loaded, in whole or in part; reads no file. */
#ifndef MOCK_CONTROL_CONTROL_RESET_H
#define MOCK_CONTROL_CONTROL_RESET_H

#include "exchange/exchange.h"

extern const struct operation op_reset;

#endif
