/* The one message for a failed allocation. */
#ifndef SUPPORT_NO_MEMORY_H
#define SUPPORT_NO_MEMORY_H

#include <heymarket/error.h>

/* Fills @err, which may be NULL, and returns HM_NO_MEMORY. */
static inline enum hm_code no_memory(struct hm_error *err)
{
    hm_error_set(err, HM_NO_MEMORY, "out of memory");
    return HM_NO_MEMORY;
}

#endif
