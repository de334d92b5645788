/* Known failures: a file that says which case fails of which clause, why, and until when that is
 * borne. What is listed does not fail a run; what is listed and does not fail any more, or is past
 * its date, does. */
#ifndef SUITE_JUDGE_BASELINE_H
#define SUITE_JUDGE_BASELINE_H

#include "cases/catalog.h"
#include "judge/result.h"
#include "support/json_file.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

struct known_failure {
    const struct test_case *test;
    const struct clause *clause;
    const char *reason;
    const char *until; /* YYYY-MM-DD, in UTC; that day is still good */
    bool is_past;
};

struct baseline {
    struct json_file file;
    size_t count;
    struct known_failure *at;
};

/* Loads a file; case and clause must be of @catalog, which must outlive it.
 *
 * now      Unix time in seconds
 * returns  HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY
 * In every case baseline_fini() it. */
HM_MUST_USE enum hm_code baseline_load(struct baseline *baseline, const char *path,
                                       const struct catalog *catalog, int64_t now,
                                       struct hm_error *err);
void baseline_fini(struct baseline *baseline);

/* Has the last word on a judged result: known, where all that it fails of is listed; failed, where
 * an entry is stale. @is_strict: warnings fail, too, and can be listed. */
void baseline_apply(const struct baseline *baseline, struct result *result, bool is_strict);

#endif
