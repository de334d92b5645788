#include "judge/result.h"
#include "support/buf.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_BYTES_MAX = 4096 };

static const char *const names[GRADE_COUNT] = {
    "skipped", "observed", "passed", "warned", "known", "failed", "broken",
};

const char *grade_name(enum grade grade)
{
    return names[grade];
}

enum clause_source remark_source(const struct remark *remark)
{
    return remark->is_secondary ? SOURCE_SECONDARY : remark->clause->source;
}

void result_fini(struct result *result)
{
    for (size_t i = 0; i < result->remark_count; i++) {
        free(result->remarks[i].expected);
        free(result->remarks[i].actual);
    }
    free(result->remarks);
    free(result->held);
    free(result->reason);
    free(result->repeat);
    json_decref(result->records);
    memset(result, 0, sizeof *result);
}

void result_raise(struct result *result, enum grade grade)
{
    if (grade > result->grade)
        result->grade = grade;
}

void result_decide(struct result *result, enum grade grade, const char *format, ...)
{
    struct buf reason;
    va_list ap;

    buf_init(&reason, REASON_BYTES_MAX);
    va_start(ap, format);
    buf_vprintf(&reason, format, ap);
    va_end(ap);
    free(result->reason);
    result->reason = buf_take(&reason);
    result->grade = grade;
}

bool result_add(struct result *result, const struct remark *remark, const char *expected,
                const char *actual)
{
    struct remark *remarks;
    struct remark added = *remark;

    if (remark->clause != NULL && remark->clause->is_skipped)
        return true;
    if (remark->clause != NULL && remark->clause->is_strict && remark->grade == GRADE_WARNED)
        added.grade = GRADE_FAILED;
    remarks = realloc(result->remarks, (result->remark_count + 1) * sizeof *remarks);
    added.expected = strdup(expected);
    added.actual = strdup(actual);
    if (remarks != NULL)
        result->remarks = remarks;
    if (remarks == NULL || added.expected == NULL || added.actual == NULL) {
        free(added.expected);
        free(added.actual);
        result->grade = GRADE_BROKEN;
        return false;
    }
    result->remarks[result->remark_count++] = added;
    result_raise(result, added.grade);
    return true;
}

bool result_hold(struct result *result, const struct clause *clause)
{
    const struct clause **held;
    size_t i;

    for (i = 0; i < result->held_count && result->held[i] != clause; i++)
        ;
    if (clause == NULL || clause->is_skipped || i < result->held_count)
        return true;
    held = realloc(result->held, (result->held_count + 1) * sizeof *held);
    if (held == NULL) {
        result->grade = GRADE_BROKEN;
        return false;
    }
    result->held = held;
    result->held[result->held_count++] = clause;
    return true;
}
