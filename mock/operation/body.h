/* A request's body: media type, size, JSON, members [T2 T5 T7 B1-B6]. */
#ifndef MOCK_OPERATION_BODY_H
#define MOCK_OPERATION_BODY_H

#include "exchange/exchange.h"

enum {
    BODY_DEADLINE_MS = 10000, /* for a whole body, however its bytes trickle in */
    BODY_PIECE_BYTES = 64     /* an ordinary body; the clock is looked at behind each piece */
};

/* Step: reads the body's bytes, whatever they are, or answers 413, 408 or 400. [T7 B2] */
enum step_result body_receive(struct exchange *x);

/* Step: reads the body as JSON, whatever it holds, or answers 415, 413, 408 or 400. [T2 T5 T7 B2]
 */
enum step_result body_load(struct exchange *x);

/* Step: does so and judges its members. [B1 B3-B6] */
enum step_result body_check(struct exchange *x);

/* Is there an unread body that is too large to be worth reading, or that the client holds back
 * until it hears 100 Continue? Then the connection must be closed with the answer. */
bool body_is_abandoned(const struct exchange *x);

/* After the answer: reads what the client still sends of a body that nobody wanted, so that the
 * connection can go on. False: too much, too slow or broken; it must be closed. */
bool body_drain(struct exchange *x);

#endif
