/* The operations of the contract, as case files name them. */
#ifndef SUITE_CASES_CASE_OPERATION_H
#define SUITE_CASES_CASE_OPERATION_H

#include "contract/operation.h"
#include <stdbool.h>

/* Ends with NULL. */
extern const char *const operation_names[];

/* NULL: there is no such operation. */
const struct operation *operation_named(const char *name);

/* The operation with this method and path; NULL: none. Both may be NULL. */
const struct operation *operation_of(const char *method, const char *path);

/* Its bit in a set of operations. */
unsigned operation_bit(const struct operation *operation);

/* Does it change or remove what is there already? */
bool operation_changes(const struct operation *operation);

#endif
