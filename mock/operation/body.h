/* A request's body: media type, size, JSON, members [T2 T5 T7 B1-B6]. */
#ifndef MOCK_OPERATION_BODY_H
#define MOCK_OPERATION_BODY_H

#include "exchange/exchange.h"

enum {
    BODY_DEADLINE_MS = 10000, /* for the whole body */
    BODY_PIECE_BYTES = 64     /* as long as most bodies */
};

/* Step: reads the bytes of the body, or answers 413, 408 or 400. [T7 B2] */
enum step_result body_receive(struct exchange *x);

/* Step: reads the body as JSON and checks its members, or answers 415, 413, 408 or 400. [T2 T5 T7
 * B1-B6] */
enum step_result body_check(struct exchange *x);

/* Is there an unread body that is too large to read, or that the client sends only after 100
 * Continue? Then the connection must be closed after the answer. */
bool body_is_abandoned(const struct exchange *x);

/* After the answer: reads the rest of an unread body, so that the connection can go on. False: it
 * is too long, too slow or broken, and the connection must be closed. */
bool body_drain(struct exchange *x);

#endif
