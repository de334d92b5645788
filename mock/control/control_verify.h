/* POST /_mock/verify: were there as many exchanges of a kind as expected? If fewer, the answer
 * shows the latest others, and in what they differ. */
#ifndef MOCK_CONTROL_CONTROL_VERIFY_H
#define MOCK_CONTROL_CONTROL_VERIFY_H

#include "exchange/exchange.h"

extern const struct operation op_verify;

#endif
