/* `run --intercept=check`: what is possible on this machine. */
#ifndef MOCK_INTERCEPT_INTERCEPT_CHECK_H
#define MOCK_INTERCEPT_INTERCEPT_CHECK_H

#include <stdbool.h>

/* Prints it to stdout. False: neither namespaces nor supervised connect() are possible. */
bool intercept_check(void);

#endif
