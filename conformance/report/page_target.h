/* What the page tells of the target beside its verdict; each a section, or nothing where there is
 * nothing to tell. */
#ifndef SUITE_REPORT_PAGE_TARGET_H
#define SUITE_REPORT_PAGE_TARGET_H

#include "learn/learn.h"
#include "play/ledger.h"
#include "run/suite.h"
#include "support/buf.h"

/* What it does where the contract is silent. */
void page_observations_write(struct buf *out, const struct suite_run *run);

/* The profile that --learn has written, and what could not be told. */
void page_learned_write(struct buf *out, const struct learning *learning);

/* What was created where, for whoever wants it away again. */
void page_ledger_write(struct buf *out, const struct ledger *ledger);

#endif
