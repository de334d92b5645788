/* POST /_mock/doctor: judges an Authorization value by the mock's secrets, clock and policy, as a
 * request with it would be judged, and changes nothing. */
#ifndef MOCK_CONTROL_CONTROL_DOCTOR_H
#define MOCK_CONTROL_CONTROL_DOCTOR_H

#include "exchange/exchange.h"

extern const struct operation op_doctor;

#endif
