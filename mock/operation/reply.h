/* What operations answer: lists of channels and one channel, or a refusal. */
#ifndef MOCK_OPERATION_REPLY_H
#define MOCK_OPERATION_REPLY_H

#include "exchange/exchange.h"

/* The contact's whole list, of x->channels [R1 R4 L2]; the one channel of it, x->channel [G1]. */
enum step_result reply_list(struct exchange *x, int status);
enum step_result reply_channel(struct exchange *x);

/* What became of an access to the store: STEP_NEXT; a refusal, because the contact has no channel
 * of the type [G4], or has what was sent already [B8 U5]; or 500. */
enum step_result reply_outcome(struct exchange *x, enum hm_code code);

#endif
