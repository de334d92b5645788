/* The variables that the command of `run` gets: where the mock is, and what is in its world. */
#ifndef MOCK_RUN_COMMAND_ENVIRONMENT_H
#define MOCK_RUN_COMMAND_ENVIRONMENT_H

#include "store/store.h"
#include "support/environment.h"

/* Sets in @environment the two URLs; the first team's secret, its second one, its first contact,
 * its first one without channels, and another team's first contact, as far as @store has them. Adds
 * 127.0.0.1, localhost and ::1 to NO_PROXY and no_proxy. */
void command_environment_set(struct environment *environment, const char *base_url,
                             const char *mock_url, const struct store *store);

#endif
