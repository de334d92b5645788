/* What became of each case: one array, from which every report is written. */
#ifndef SUITE_JUDGE_RESULT_H
#define SUITE_JUDGE_RESULT_H

#include "cases/case.h"
#include "cases/clause.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The ladder: a result climbs it and never comes down. */
enum grade {
    GRADE_SKIPPED,
    GRADE_OBSERVED,
    GRADE_PASSED,
    GRADE_WARNED,
    GRADE_KNOWN,  /* failed, and listed in the baseline */
    GRADE_FAILED, /* the target's fault */
    GRADE_BROKEN, /* ours */
    GRADE_COUNT
};

/* One thing that was seen: a difference, or what a target does where the contract is silent. */
struct remark {
    enum grade grade;            /* observed, warned or failed */
    const struct clause *clause; /* NULL: of HTTP itself, not of the contract */
    bool is_automatic;           /* judged without being asked for: T4, R */
    bool is_stale;               /* against an entry of the baseline, not against the target */
    bool holds;                  /* an observation that is as the mock would do it */
    size_t step;                 /* index */
    char *expected;
    char *actual;
};

struct result {
    const struct test_case *test;
    enum grade grade;
    char *reason; /* of a skipped or broken one; else NULL */
    size_t remark_count;
    struct remark *remarks;
    size_t held_count;
    const struct clause **held; /* each clause that held at least once; a remark may say else */
    char *repeat;               /* curl lines, of a warned or failed one; else NULL */
    json_t *records; /* records, of a warned or failed one where records are kept; else NULL */
    int64_t time_ms;
};

void result_fini(struct result *result);

/* Climbs to @grade unless it is higher already. */
void result_raise(struct result *result, enum grade grade);

/* Sets the grade, whatever it was, and a printf-style reason. */
void result_decide(struct result *result, enum grade grade, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a remark, with copies of the two texts, and climbs to its grade. False: out of memory; the
 * result is then broken, and has no such remark. */
bool result_add(struct result *result, const struct remark *remark, const char *expected,
                const char *actual);

/* Remembers a clause (NULL: none) that held; climbs nowhere. False: out of memory; the result is
 * then broken. */
bool result_hold(struct result *result, const struct clause *clause);

/* "skipped", "observed" ... */
const char *grade_name(enum grade grade);

#endif
