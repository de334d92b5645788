/* The control plane, /_mock/...: what the mock tells about itself, and how it is steered
 * [design 7]. One file a topic, control_*.c; route.c says which path leads where. */
#ifndef MOCK_CONTROL_CONTROL_H
#define MOCK_CONTROL_CONTROL_H

#include "exchange/exchange.h"

extern const struct operation op_health;
extern const struct operation op_clock_get, op_clock_put;
extern const struct operation op_faults_get, op_faults_put, op_faults_delete;
extern const struct operation op_journal_list, op_journal_forget, op_journal_show;
extern const struct operation op_verify;
extern const struct operation op_policy_get, op_policy_put;
extern const struct operation op_reset, op_contact;
extern const struct operation op_doctor;
extern const struct operation op_control_unknown; /* of every other path below /_mock/ */

#endif
