/* The operation POST /v2/contact/{contactID}/channel: its steps, in order [T1]. */
#ifndef OP_CHANNEL_CREATE_H
#define OP_CHANNEL_CREATE_H

#include "route.h"

extern const struct operation op_channel_create;

#endif
