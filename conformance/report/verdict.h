/* What a run comes to: the exit code, and the sentence that is printed. One function decides both.
 */
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
    size_t failed_by_source[SOURCE_COUNT]; /* cases, by the gravest clause they fail of */
    const char *word;                      /* "PASSED"; static */
    char detail[VERDICT_TEXT];             /* why; "" */
};

/* 128+n for a signal; then 5, 4, 3, 6, 1, 0: the first that holds. */
void verdict_make(struct verdict *verdict, const struct suite_run *run);

/* The gravest source among what a failed case failed of: S before D before A. */
enum clause_source result_source(const struct result *result);

#endif
