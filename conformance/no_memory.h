/* The one failure that every module has. */
#ifndef SUITE_NO_MEMORY_H
#define SUITE_NO_MEMORY_H

#include <heymarket/error.h>

static inline enum hm_code no_memory(struct hm_error *err)
{
    (void)hm_error_set(err, HM_NO_MEMORY, "out of memory");
    return HM_NO_MEMORY;
}

#endif
