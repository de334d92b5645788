/* The operation POST /v2/contact/{contactID}/channel: its steps, in order [T1]. */
#ifndef MOCK_OPERATION_CHANNEL_CREATE_H
#define MOCK_OPERATION_CHANNEL_CREATE_H

#include "exchange/exchange.h"

extern const struct operation op_channel_create;

#endif
