/* The verdict of a run: its exit code and one sentence. One function decides both. */
#ifndef SUITE_REPORT_VERDICT_H
#define SUITE_REPORT_VERDICT_H

#include "cases/clause.h"
#include "judge/result.h"
#include "run/suite.h"
#include <stddef.h>

enum { VERDICT_TEXT = 1024 };

struct verdict {
    int exit_code;
    size_t grades[GRADE_COUNT];
    size_t failed_by_source[SOURCE_COUNT]; /* failed cases by their most serious clause */
    const char *word;                      /* "PASSED". Static */
    size_t judged;                         /* cases that were neither skipped nor only observed */
    char detail[VERDICT_TEXT];             /* why, or "" */
    char warning[VERDICT_TEXT];            /* that too little was judged, or "" */
};

/* 128+n for a signal; then 5, 4, 3, 6, 1, 0: the first that applies. */
void verdict_make(struct verdict *verdict, const struct suite_run *run);

/* The most serious source among a case's failures: S before D before A. */
enum clause_source result_source(const struct result *result);

#endif
