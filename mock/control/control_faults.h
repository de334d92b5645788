/* /_mock/faults: the fault rules, each with how often it matched. PUT replaces and DELETE drops
 * them; a reset brings back those that were loaded. */
#ifndef MOCK_CONTROL_CONTROL_FAULTS_H
#define MOCK_CONTROL_CONTROL_FAULTS_H

#include "exchange/exchange.h"

extern const struct operation op_faults_get, op_faults_put, op_faults_delete;

#endif
