/* For tests that look at a process through /proc, which Linux has. */
#ifndef TESTS_NEED_PROC_H
#define TESTS_NEED_PROC_H

#include "tests/unit.h"
#include <unistd.h>

#define NEED_PROC()                                                                                \
    do {                                                                                           \
        if (access("/proc/self/status", R_OK) != 0) {                                              \
            print_message("skipped: needs /proc, as Linux has it\n");                              \
            skip();                                                                                \
        }                                                                                          \
    } while (0)

#endif
