/* GET /_mock/health: that the mock is up, and how it is doing. */
#ifndef MOCK_CONTROL_CONTROL_HEALTH_H
#define MOCK_CONTROL_CONTROL_HEALTH_H

#include "exchange/exchange.h"

extern const struct operation op_health;

#endif
