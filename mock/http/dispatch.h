/* The way of a request, from top to bottom: route, steps of the operation, what changes the answer
 * on purpose, counting and journal, bytes. */
#ifndef MOCK_HTTP_DISPATCH_H
#define MOCK_HTTP_DISPATCH_H

#include "exchange/exchange.h"

/* Afterwards the exchange has an answer with its bytes; it is counted and in the journal. */
void dispatch_run(struct exchange *x);

/* Answers what never became a request that could be routed: broken framing [T8], a time limit. The
 * connection is closed. @mistake and @what become the finding. */
void dispatch_refuse(struct exchange *x, int status, enum hm_mistake mistake, const char *what);

/* After the answer was sent: logs. */
void dispatch_end(struct exchange *x);

#endif
