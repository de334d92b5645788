/* /_mock/policy: the values of the A clauses; PUT sets those that it names. */
#ifndef MOCK_CONTROL_CONTROL_POLICY_H
#define MOCK_CONTROL_CONTROL_POLICY_H

#include "exchange/exchange.h"

extern const struct operation op_policy_get, op_policy_put;

#endif
