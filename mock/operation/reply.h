/* What operations answer: lists of channels, one channel, and refusals about a channel. */
#ifndef MOCK_OPERATION_REPLY_H
#define MOCK_OPERATION_REPLY_H

#include "exchange/exchange.h"

/* The contact's whole list, of x->channels [R1 R4 L2]; the one channel of it, x->channel [G1]. */
enum step_result reply_list(struct exchange *x, int status);
enum step_result reply_channel(struct exchange *x);

/* The contact has no channel of the type of x->values, or has what was sent already [G4 B8 U5]. */
enum step_result reply_absent(struct exchange *x);
enum step_result reply_exists(struct exchange *x);

/* What became of an access to the store: STEP_NEXT, or one of those two, or 500. */
enum step_result reply_outcome(struct exchange *x, enum hm_code code);

#endif
