/* The cases of a run as cmocka tests. */
#ifndef SUITE_RUN_CASE_RUN_H
#define SUITE_RUN_CASE_RUN_H

#include "run/suite.h"
#include <heymarket/error.h>
#include <stdbool.h>

/* Runs every case that the catalog has chosen as one cmocka test: setup finds the target, the test
 * sends, judges and ends in an assertion or in skip(), teardown frees. The results are complete
 * even if the run stopped early: a case that was not run is skipped, with the reason.
 *
 * prints   cmocka prints its own output; else it prints nothing
 * returns  HM_OK whatever the tests did; HM_INTERNAL, HM_NO_MEMORY: no test was run */
HM_MUST_USE enum hm_code case_tests_run(struct suite_run *run, bool prints, struct hm_error *err);

#endif
