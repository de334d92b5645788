/* `run --report FILE`: the result of a run for programs (.json), CI (.xml, JUnit), people
 * (.html) and job summaries (.md). */
#ifndef MOCK_RUN_RUN_REPORT_H
#define MOCK_RUN_RUN_REPORT_H

#include "run/outcome.h"
#include "support/options.h"
#include <heymarket/error.h>

/* Does each name end in .json, .xml, .html or .md, and is there a directory to write it to?
 * returns HM_OK; HM_BAD_ARGUMENT */
HM_MUST_USE enum hm_code reports_check(const struct option_texts *paths, struct hm_error *err);

/* Writes them, each whole or not at all, mode 0600.
 * returns HM_OK; the first failure, after all were tried */
HM_MUST_USE enum hm_code reports_write(const struct outcome *outcome, struct hm_error *err);

#endif
