#include "tests/failing_memory.h"

#include <stddef.h>
#include <stdio.h>

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

int allocations_survived(enum hm_code (*work)(struct hm_error *err))
{
    for (int n = 0;; n++) {
        struct hm_error err = { .code = HM_OK };
        enum hm_code code;

        has_allocation_failed = false;
        allocations_left = n;
        code = work(&err);
        allocations_left = -1;
        if (code != HM_OK &&
            (!has_allocation_failed || code != HM_NO_MEMORY || err.code != HM_NO_MEMORY)) {
            fprintf(stderr, "allocation %d: code %d, %s\n", n, code, err.text);
            return -1;
        }
        if (!has_allocation_failed)
            return n;
    }
}
