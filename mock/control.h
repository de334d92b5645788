/* The control plane, /_mock/...: what the mock tells about itself, and how it is steered
 * [design 7]. One file a topic, control_*.c. */
#ifndef CONTROL_H
#define CONTROL_H

#include "route.h"

extern const struct operation op_health; /* GET /_mock/health */
extern const struct operation op_policy; /* GET /_mock/policy */
extern const struct operation op_doctor; /* POST /_mock/doctor */

#endif
