/* /_mock/journal: the exchanges that were kept, newest first; one of them; forgetting them. */
#ifndef MOCK_CONTROL_CONTROL_JOURNAL_H
#define MOCK_CONTROL_CONTROL_JOURNAL_H

#include "exchange/exchange.h"

extern const struct operation op_journal_list, op_journal_forget, op_journal_show;

#endif
