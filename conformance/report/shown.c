#include "report/shown.h"
#include <string.h>

static bool is_same(const struct remark *a, const struct remark *b)
{
    return a->is_automatic && b->is_automatic && a->clause == b->clause && a->grade == b->grade &&
           strcmp(a->expected, b->expected) == 0;
}

const struct result *shown_before(const struct suite_run *run, const struct result *result,
                                  const struct remark *remark)
{
    if (!remark->is_automatic)
        return NULL;
    for (const struct result *other = run->results; other <= result; other++) {
        for (size_t i = 0; i < other->remark_count && &other->remarks[i] != remark; i++) {
            if (is_same(&other->remarks[i], remark))
                return other;
        }
    }
    return NULL;
}

bool shown_is_new(const struct suite_run *run, const struct result *result)
{
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].grade >= GRADE_WARNED &&
            shown_before(run, result, &result->remarks[i]) == NULL)
            return true;
    }
    return result->remark_count == 0;
}
