/* An allocator that fails when a test says so: malloc, calloc, realloc, strdup and strndup of all
 * that is linked statically. Link failing_memory, which brings the linker's --wrap. */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include <heymarket/error.h>
#include <stdbool.h>

/* Allocations of this thread until one fails; negative, as it is at first: none does. After the one
 * that failed the others succeed again. */
extern _Thread_local int allocations_left;

/* One has failed since the test last cleared it. */
extern _Thread_local bool has_allocation_failed;

/* Does @work again and again, its n-th allocation failing, for n from 0 on until none is left: each
 * time it must return HM_NO_MEMORY with an error, or HM_OK, for what failed may not have been
 * needed. Returns how many allocations it takes; -1: it returned something else, which is printed.
 */
int allocations_survived(enum hm_code (*work)(struct hm_error *err));

#endif
