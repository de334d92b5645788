/* GET /_mock/events: what comes, as it comes, for the mock's page. */
#ifndef MOCK_CONTROL_CONTROL_EVENTS_H
#define MOCK_CONTROL_CONTROL_EVENTS_H

#include "exchange/exchange.h"

extern const struct operation op_events;

#endif
