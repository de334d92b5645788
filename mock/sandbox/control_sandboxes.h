/* /_mock/sandboxes: making, listing and ending sandboxes. */
#ifndef MOCK_SANDBOX_CONTROL_SANDBOXES_H
#define MOCK_SANDBOX_CONTROL_SANDBOXES_H

#include "exchange/exchange.h"

extern const struct operation op_sandboxes_post;
extern const struct operation op_sandboxes_list;
extern const struct operation op_sandbox_get;
extern const struct operation op_sandbox_delete;

/* Of every other path below that of a sandbox: there is none with this id. */
extern const struct operation op_sandbox_absent;

#endif
