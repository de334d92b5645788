/* An allocator that fails when a test says so: malloc, calloc, realloc, strdup and strndup of all
 * that is linked statically. Link failing_memory, which brings the linker's --wrap. */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include <stdbool.h>

/* Allocations of this thread until one fails; negative, as it is at first: none does. After the one
 * that failed the others succeed again. */
extern _Thread_local int allocations_left;

/* One has failed since the test last cleared it. */
extern _Thread_local bool has_allocation_failed;

#endif
