/* `run --page`: the mock stays when CMD has ended, for people who look at its page. */
#ifndef MOCK_RUN_RUN_PAGE_H
#define MOCK_RUN_RUN_PAGE_H

#include "host.h"
#include "intercept/intercept.h"

/* Says where the page is.
 * returns HM_OK; HM_BAD_ARGUMENT: there is none, or no browser reaches it */
HM_MUST_USE enum hm_code run_page_show(const struct host *host, const struct intercept *intercept,
                                       struct hm_error *err);

/* Returns at Enter, at the end of input or at one of @signals, which are blocked. */
void run_page_keep(const struct host *host, const sigset_t *signals);

#endif
