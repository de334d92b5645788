#include "report/matrix.h"
#include <stdlib.h>
#include <string.h>

/* The rung that a remark stands for once the baseline had its say. */
static enum rung remark_rung(const struct result *result, const struct remark *remark)
{
    return remark->rung >= RUNG_FAILED && result->rung == RUNG_KNOWN ? RUNG_KNOWN : remark->rung;
}

static bool has_held(const struct result *result, const struct clause *clause)
{
    for (size_t i = 0; i < result->held_count; i++) {
        if (result->held[i] == clause)
            return true;
    }
    return false;
}

/* How high a case climbs for a clause; false: it says nothing of it. */
static bool rung_of(enum rung *rung, const struct result *result, const struct clause *clause)
{
    const bool is_own = result->test->file->clause == clause;
    bool has_said = false;

    *rung = RUNG_SKIPPED;
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].clause != clause)
            continue;
        has_said = true;
        if (remark_rung(result, &result->remarks[i]) > *rung)
            *rung = remark_rung(result, &result->remarks[i]);
    }
    if (has_held(result, clause)) {
        has_said = true;
        if (*rung < RUNG_PASSED)
            *rung = RUNG_PASSED;
    }
    if (is_own && (result->rung == RUNG_BROKEN || result->rung == RUNG_SKIPPED)) {
        has_said = true;
        *rung = result->rung;
    }
    return has_said;
}

static void row_make(struct matrix_row *row, const struct run *run, const struct clause *clause)
{
    enum rung rung;

    row->clause = clause;
    row->is_silent = true;
    for (size_t i = 0; i < run->result_count; i++) {
        if (!rung_of(&rung, &run->results[i], clause))
            continue;
        row->cases[rung]++;
        if (row->is_silent || rung > row->rung) {
            row->rung = rung;
            row->worst = &run->results[i];
        }
        row->is_silent = false;
    }
}

bool matrix_make(struct matrix *matrix, const struct run *run)
{
    const struct clauses *clauses = &run->catalog->clauses;

    matrix->count = 0;
    matrix->rows = calloc(clauses->count + 1, sizeof *matrix->rows);
    if (!matrix->rows)
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
