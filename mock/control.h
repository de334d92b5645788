/* The control plane, /_mock/...: what the mock tells about itself and its tokens. */
#ifndef CONTROL_H
#define CONTROL_H

#include "route.h"

extern const struct operation op_health; /* GET /_mock/health */
extern const struct operation op_policy; /* GET /_mock/policy */
extern const struct operation op_doctor; /* POST /_mock/doctor (control_doctor.c) */

/* Steps that guard it: against pages of other origins; against who does not ask from this machine;
 * against a write that a page could send without asking, which is any but application/json. */
enum step_result control_refuse_page(struct exchange *x);
enum step_result control_refuse_stranger(struct exchange *x);
enum step_result control_require_json(struct exchange *x);

#endif
