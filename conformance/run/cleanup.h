/* Deletes the channels that a run created on a named target, if the target can delete. */
#ifndef SUITE_RUN_CLEANUP_H
#define SUITE_RUN_CLEANUP_H

#include "run/suite.h"

/* Sets run->cleanup. A channel is deleted only if it is surely the run's: its type is a $type, or
 * channel_get shows it and the target has proved that channel_delete means the same one. Ends at
 * the first request without an answer, or after some seconds if a signal came before. returns
 * HM_OK, HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code cleanup_run(struct suite_run *run, struct hm_error *err);

#endif
