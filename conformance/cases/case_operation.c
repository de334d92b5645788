#include "cases/case_operation.h"
#include <stddef.h>
#include <string.h>

const char *const operation_names[] = {
#define OPERATION(Id, Name, ...) #Name,
#include "contract/operations.def"
#undef OPERATION
    NULL
};

const struct operation *operation_named(const char *name)
{
    for (unsigned id = 0; id < OPERATION_COUNT; id++) {
        if (strcmp(operation_row(id)->name, name) == 0)
            return operation_row(id);
    }
    return NULL;
}

const struct operation *operation_of(const char *method, const char *path)
{
    for (unsigned id = 0; method != NULL && path != NULL && id < OPERATION_COUNT; id++) {
        const struct operation *operation = operation_row(id);

        if (strcmp(operation->method, method) == 0 && strcmp(operation->path, path) == 0)
            return operation;
    }
    return NULL;
}

unsigned operation_bit(const struct operation *operation)
{
    unsigned id = 0;

    while (operation_row(id) != operation)
        id++;
    return 1U << id;
}

bool operation_changes(const struct operation *operation)
{
    return !operation_is_safe(operation) && strcmp(operation->method, "POST") != 0;
}
