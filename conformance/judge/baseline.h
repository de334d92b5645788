/* Known failures: a file that lists which case fails for which clause, why, and until when that
 * is accepted. A listed failure does not fail the run; an entry that no longer fails, or whose date
 * has passed, does. An entry may be for many cases: {"case": "*", "clause": "T4"}. */
#ifndef SUITE_JUDGE_BASELINE_H
#define SUITE_JUDGE_BASELINE_H

#include "cases/catalog.h"
#include "judge/result.h"
#include "support/json_file.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

struct known_failure {
    const struct test_case *test; /* NULL: every case that matches the pattern */
    const char *pattern;          /* the id of the case, or a glob */
    const struct clause *clause;
    const char *reason;
    const char *until; /* YYYY-MM-DD in UTC, inclusive */
    bool is_past;
};

struct baseline {
    struct json_file file;
    size_t count;
    struct known_failure *at;
};

/* Loads a file. Cases and clauses must be in @catalog, which must outlive it.
 *
 * now      Unix time in seconds
 * returns  HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY
 * Always call baseline_fini() after it. */
HM_MUST_USE enum hm_code baseline_load(struct baseline *baseline, const char *path,
                                       const struct catalog *catalog, int64_t now,
                                       struct hm_error *err);
void baseline_fini(struct baseline *baseline);

/* Changes a judged result: each listed failure becomes known. An entry for this one case that is
 * out of date fails it. @is_strict: warnings fail too, and can be listed. */
void baseline_apply(const struct baseline *baseline, struct result *result, bool is_strict);

/* After the last case: an entry for many cases that is out of date fails one of them.
 *
 * is_whole  all cases were chosen and run, so an entry that no case needs is out of date */
void baseline_finish(const struct baseline *baseline, struct result *results, size_t count,
                     bool is_whole);

#endif
