/* Answers [T4 R1-R9 E1-E6]: every one leaves by one function, head and body in one piece. */
#ifndef MOCK_OPERATION_RESPOND_H
#define MOCK_OPERATION_RESPOND_H

#include "operation/exchange.h"

/* Answers with JSON made of two parts, of which the second may be "". Sets x->status and the bytes
 * to send. */
void respond(struct exchange *x, int status, const char *body, size_t length, const char *rest);

/* The same with a first part that stays where it is until the exchange ends: a long one is sent
 * from there. */
void respond_lending(struct exchange *x, int status, const char *body, size_t length,
                     const char *rest);

/* Answers with an error body [E6]: its message is made of the findings; where there are none, it is
 * the reason phrase. */
void respond_error(struct exchange *x, int status);

/* The same with a message of the caller's. */
void respond_error_saying(struct exchange *x, int status, const char *message);

#endif
