#include "failing_memory.h"

#include <stddef.h>

_Thread_local int allocations_left = -1;
_Thread_local bool has_allocation_failed;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) the linker's names */
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t bytes);

static bool fails_now(void)
{
    bool fails = allocations_left >= 0 && allocations_left-- == 0;

    has_allocation_failed = has_allocation_failed || fails;
    return fails;
}

void *__wrap_malloc(size_t bytes)
{
    return fails_now() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    return fails_now() ? NULL : __real_calloc(count, bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    return fails_now() ? NULL : __real_realloc(old, bytes);
}

char *__wrap_strdup(const char *text)
{
    return fails_now() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t bytes)
{
    return fails_now() ? NULL : __real_strndup(text, bytes);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */
