#include "report/shown.h"
#include "support/text.h"
#include <string.h>

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
