/* The results by clause. */
#ifndef SUITE_REPORT_MATRIX_H
#define SUITE_REPORT_MATRIX_H

#include "cases/clause.h"
#include "run/suite.h"
#include <stddef.h>

/* A clause and its cases: each case counts once, with its highest grade for the clause. */
struct matrix_row {
    const struct clause *clause;
    enum grade grade;           /* the highest of all cases; skipped if is_silent */
    bool is_silent;             /* no case has a result for it */
    size_t cases[GRADE_COUNT];  /* skipped: only cases of the clause itself */
    const struct result *worst; /* the first case with the highest grade; NULL if is_silent */
};

struct matrix {
    size_t count;
    struct matrix_row *rows; /* in the order of the contract */
};

/* False: out of memory. Always call matrix_fini() after it. */
__attribute__((warn_unused_result)) bool matrix_make(struct matrix *matrix,
                                                     const struct suite_run *run);
void matrix_fini(struct matrix *matrix);

#endif
