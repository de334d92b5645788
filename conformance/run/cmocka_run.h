/* The file that knows cmocka: runs functions as tests that are made at run time. */
#ifndef SUITE_RUN_CMOCKA_RUN_H
#define SUITE_RUN_CMOCKA_RUN_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

struct cmocka_item {
    const char *name;
    bool (*run)(void *context); /* true: the assertion holds */
    void *context;
};

/* Runs all items, in order, in this thread.
 *
 * says     receives what cmocka wrote, to both streams: free() it. NULL after a failure
 * returns  HM_OK whatever the tests did; HM_INTERNAL (no temporary file), HM_NO_MEMORY */
HM_MUST_USE enum hm_code cmocka_run(char **says, struct cmocka_item *items, size_t count,
                                    struct hm_error *err);

#endif
