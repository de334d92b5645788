/* What a run says of each clause of the contract. */
#ifndef SUITE_REPORT_MATRIX_H
#define SUITE_REPORT_MATRIX_H

#include "cases/clause.h"
#include "run/suite.h"
#include <stddef.h>

/* One clause, by cases: each is counted once, on the highest grade that it has for this clause. */
struct matrix_row {
    const struct clause *clause;
    enum grade grade;           /* the highest of all; skipped where is_silent */
    bool is_silent;             /* no case says anything of it */
    size_t cases[GRADE_COUNT];  /* skipped: only those of the clause itself */
    const struct result *worst; /* the first case on the highest grade; NULL where is_silent */
};

struct matrix {
    size_t count;
    struct matrix_row *rows; /* in the contract's order */
};

/* False: out of memory. matrix_fini() it in every case. */
__attribute__((warn_unused_result)) bool matrix_make(struct matrix *matrix,
                                                     const struct suite_run *run);
void matrix_fini(struct matrix *matrix);

#endif
