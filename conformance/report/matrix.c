#include "report/matrix.h"
#include <stdlib.h>
#include <string.h>

static bool has_held(const struct result *result, const struct clause *clause)
{
    for (size_t i = 0; i < result->held_count; i++) {
        if (result->held[i] == clause)
            return true;
    }
    return false;
}

/* The case's highest grade for a clause; false: the case has none. */
static bool grade_of(enum grade *grade, const struct result *result, const struct clause *clause)
{
    const bool is_own = result->test->file->clause == clause;
    bool has_said = false;

    *grade = GRADE_SKIPPED;
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].clause != clause)
            continue;
        has_said = true;
        if (result->remarks[i].grade > *grade)
            *grade = result->remarks[i].grade;
    }
    if (has_held(result, clause)) {
        has_said = true;
        if (*grade < GRADE_PASSED)
            *grade = GRADE_PASSED;
    }
    if (is_own && (result->grade == GRADE_BROKEN || result->grade == GRADE_SKIPPED)) {
        has_said = true;
        *grade = result->grade;
    }
    return has_said;
}

static void row_make(struct matrix_row *row, const struct suite_run *run,
                     const struct clause *clause)
{
    enum grade grade;

    row->clause = clause;
    row->is_silent = true;
    for (size_t i = 0; i < run->result_count; i++) {
        if (!grade_of(&grade, &run->results[i], clause))
            continue;
        row->cases[grade]++;
        if (row->is_silent || grade > row->grade) {
            row->grade = grade;
            row->worst = &run->results[i];
        }
        row->is_silent = false;
    }
}

bool matrix_make(struct matrix *matrix, const struct suite_run *run)
{
    const struct clauses *clauses = &run->catalog->clauses;

    matrix->count = 0;
    matrix->rows = calloc(clauses->count + 1, sizeof *matrix->rows);
    if (matrix->rows == NULL)
        return false;
    matrix->count = clauses->count;
    for (size_t i = 0; i < matrix->count; i++)
        row_make(&matrix->rows[i], run, &clauses->at[i]);
    return true;
}

void matrix_fini(struct matrix *matrix)
{
    free(matrix->rows);
    memset(matrix, 0, sizeof *matrix);
}
