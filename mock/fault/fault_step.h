/* Steps that carry out a due fault.
 *
 * commit=no, the default: the fault comes before the contact is looked for, and nothing is written.
 * commit=yes: contact and store come first, and only the answer is lost [E7]. A rule with a delay
 * alone is answered as usual after it: with commit=no the write comes after the delay, and not at
 * all if the client has gone by then; with commit=yes it comes before.
 *
 * stage=first: the fault comes before the token is looked at, as in an outage. */
#ifndef MOCK_FAULT_FAULT_STEP_H
#define MOCK_FAULT_FAULT_STEP_H

#include "exchange/exchange.h"

/* Before everything; before the contact is looked for; after the write. */
enum step_result fault_at_first(struct exchange *x);
enum step_result fault_before_write(struct exchange *x);
enum step_result fault_after_write(struct exchange *x);

#endif
