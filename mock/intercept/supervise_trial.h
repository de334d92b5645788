/* Is supervised connect() possible on this machine? */
#ifndef MOCK_INTERCEPT_SUPERVISE_TRIAL_H
#define MOCK_INTERCEPT_SUPERVISE_TRIAL_H

#include <heymarket/error.h>

/* Supervises a process that makes one connection, to a socket of ours. Starts no thread; nothing
 * has changed afterwards.
 * returns HM_OK; HM_INTERNAL: no, the text is one sentence that says why */
HM_MUST_USE enum hm_code supervise_try(struct hm_error *err);

#endif
