/* An exchange that has its answer -> an entry of the journal. */
#ifndef MOCK_JOURNAL_JOURNAL_CAPTURE_H
#define MOCK_JOURNAL_JOURNAL_CAPTURE_H

struct exchange;

/* Keeps it in the mock's journal, if there is one that keeps any. Without memory for it, it counts
 * as dropped. */
void journal_capture(struct exchange *x);

#endif
