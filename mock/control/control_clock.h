/* /_mock/clock: reads and sets the clock. */
#ifndef MOCK_CONTROL_CONTROL_CLOCK_H
#define MOCK_CONTROL_CONTROL_CLOCK_H

#include "exchange/exchange.h"

extern const struct operation op_clock_get, op_clock_put;

#endif
