/* What GitHub shows beside the result of a job: conditions that are not met, and findings. */
#ifndef MOCK_RUN_RUN_ANNOTATIONS_H
#define MOCK_RUN_RUN_ANNOTATIONS_H

#include "run/outcome.h"

/* Writes them to standard error where GITHUB_ACTIONS is true. */
void run_annotate(const struct outcome *outcome);

#endif
