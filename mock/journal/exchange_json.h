/* What may be told of an exchange [design 5], redacted [design 10]: for the journal, and for the
 * lines of the log. */
#ifndef MOCK_JOURNAL_EXCHANGE_JSON_H
#define MOCK_JOURNAL_EXCHANGE_JSON_H

#include "exchange/exchange.h"
#include <stdbool.h>

struct journal_entry;

enum {
    EXCHANGE_BODY_BYTES_MAX = 4096, /* of a body that are shown */
    METHOD_SHOWN_MAX = 20
};

/* Fills in what @told tells of an exchange that has its answer; its texts stand one behind the
 * other in the exchange's memory.texts, from the method to the fault, until the next call. False:
 * out of memory, or it would be too long. */
__attribute__((warn_unused_result)) bool exchange_tell(struct journal_entry *told,
                                                       struct exchange *x);

#endif
