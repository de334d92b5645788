/* The sections of the page about the target. Each is left out if it is empty. */
#ifndef SUITE_REPORT_PAGE_TARGET_H
#define SUITE_REPORT_PAGE_TARGET_H

#include "learn/learn.h"
#include "play/ledger.h"
#include "run/suite.h"
#include "support/buf.h"

/* Its behaviour where the contract is silent. */
void page_observations_write(struct buf *out, const struct suite_run *run);

/* The values that --learn found, and the unknown ones. */
void page_learned_write(struct buf *out, const struct learning *learning);

/* What was created, for those who want to delete it. */
void page_ledger_write(struct buf *out, const struct ledger *ledger);

#endif
