#include "report/shown.h"
#include "support/text.h"
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

bool skipped_for(const struct result *result, const char *reason)
{
    return result->grade == GRADE_SKIPPED && result->reason != NULL &&
           strcmp(result->reason, reason) == 0;
}

bool skipped_is_first(const struct suite_run *run, const struct result *result)
{
    const struct result *other = run->results;

    if (result->grade != GRADE_SKIPPED || result->reason == NULL)
        return false;
    while (!skipped_for(other, result->reason))
        other++;
    return other == result;
}

size_t seen_length(const char *actual, size_t most)
{
    const char *body = strstr(actual, ", body ");
    size_t length = body != NULL ? (size_t)(body - actual) : strlen(actual);

    return length > most ? utf8_cut(actual, most) : length;
}

const char *seen_end(const char *actual, size_t length)
{
    return actual[length] == '\0' || strncmp(actual + length, ", body ", 7) == 0 ? "" : "...";
}
