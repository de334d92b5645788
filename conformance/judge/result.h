/* The result of each case. All reports are written from one array of these. */
#ifndef SUITE_JUDGE_RESULT_H
#define SUITE_JUDGE_RESULT_H

#include "cases/case.h"
#include "cases/clause.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct known_failure; /* judge/baseline.h */

/* In rising order: the grade of a result is only ever raised. */
enum grade {
    GRADE_SKIPPED,
    GRADE_OBSERVED,
    GRADE_PASSED,
    GRADE_WARNED,
    GRADE_KNOWN,  /* failed, and listed in the baseline */
    GRADE_FAILED, /* a fault of the target */
    GRADE_BROKEN, /* a fault of the suite */
    GRADE_COUNT
};

/* One thing that was seen: a difference, or the behaviour of a target where the contract is
 * silent. */
struct remark {
    enum grade grade;            /* observed, warned, known or failed */
    const struct clause *clause; /* NULL: a rule of HTTP, not of the contract */
    bool is_secondary;    /* the part of an S clause that is D: a figure such as 401 [J1 B1] */
    bool is_about_choice; /* tells the value of the clause's choice, such as "future-iat" */
    bool is_written;      /* a refused request was written, as lists of the run show */
    bool is_automatic;    /* judged in every case: T4, R */
    bool is_stale;        /* against an entry of the baseline, not against the target */
    bool holds;           /* an observation: the target does as our mock does */
    size_t step;          /* index */
    size_t finding; /* number of the finding that it belongs to; 0: none, or not grouped yet */
    const struct known_failure *known; /* the entry of the baseline that accepts it; else NULL */
    char *expected;
    char *actual;
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): grouped by meaning */
struct result {
    const struct test_case *test;
    enum grade grade;
    char *reason;   /* of a skipped, broken or known one; else NULL */
    size_t finding; /* number of the finding of a broken one; else 0 */
    size_t remark_count;
    struct remark *remarks;
    size_t held_count;
    const struct clause *
        *held; /* each clause that held at least once, even if a remark says that it also failed */
    char *repeat;     /* curl lines, if warned or failed; else NULL */
    bool has_no_room; /* for @records, among those of the run */
    json_t *records;  /* of the requests, if warned or failed and records are kept; else NULL */
    int64_t time_ms;
};

void result_fini(struct result *result);

/* Raises the grade to @grade if it is lower. */
void result_raise(struct result *result, enum grade grade);

/* Sets the grade, even to a lower one, and a printf-style reason. */
void result_decide(struct result *result, enum grade grade, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a remark with copies of the two texts, and raises the grade. A remark about a skipped clause
 * is left out; a warning about a strict clause becomes a failure. False: out of memory; the result
 * is then broken. */
bool result_add(struct result *result, const struct remark *remark, const char *expected,
                const char *actual);

/* Notes that a clause (may be NULL) held; the grade stays. False: out of memory; the result is
 * then broken. */
bool result_hold(struct result *result, const struct clause *clause);

/* Where the part of the clause that the remark is about is stated; the remark must have one. */
enum clause_source remark_source(const struct remark *remark);

/* "skipped", "observed" ... */
const char *grade_name(enum grade grade);

#endif
