/* The control plane, /_mock/...: what the mock tells about itself. Read-only. */
#ifndef CONTROL_H
#define CONTROL_H

#include "route.h"

extern const struct operation op_health; /* GET /_mock/health */
extern const struct operation op_policy; /* GET /_mock/policy */

#endif
