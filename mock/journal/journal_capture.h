/* An exchange that has its answer -> an entry of the journal, or what a line of the log needs. */
#ifndef MOCK_JOURNAL_JOURNAL_CAPTURE_H
#define MOCK_JOURNAL_JOURNAL_CAPTURE_H

#include "exchange/exchange.h"
#include "journal/journal.h"
#include <stdbool.h>

enum {
    EXCHANGE_BODY_BYTES_MAX = 4096, /* of a body that are shown */
};

/* Fills in @entry. Its texts are in the exchange's memory until the next call. False: out of
 * memory, or too long. */
__attribute__((warn_unused_result)) bool journal_entry_fill(struct journal_entry *entry,
                                                            struct exchange *x);

/* Puts it into the mock's journal, if there is one. */
void journal_capture(struct exchange *x);

#endif
