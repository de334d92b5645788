/* What `run` says on stderr when the command has ended. */
#ifndef MOCK_RUN_SUMMARY_H
#define MOCK_RUN_SUMMARY_H

#include "run/outcome.h"

/* Prints it. @base_url is where the mock was, @proxy a variable that names a proxy, or NULL: both
 * for the case that no request came. */
void summary_print(const struct outcome *outcome, const char *base_url, const char *proxy);

#endif
