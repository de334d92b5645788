/* The variables that the command of `run` gets: where the mock is, and what is in its world. */
#ifndef MOCK_RUN_COMMAND_ENVIRONMENT_H
#define MOCK_RUN_COMMAND_ENVIRONMENT_H

#include "store/store.h"
#include "support/buf.h"
#include "support/environment.h"

/* Removes from @environment, a copy of our own, the variables that lead to another server or its
 * contacts, sets those of the mock and its world (world_variables()), and adds 127.0.0.1, localhost
 * and ::1 to NO_PROXY and no_proxy. Appends to @replaced the names of those whose value changed or
 * went, separated by spaces. */
void command_environment_set(struct environment *environment, struct buf *replaced,
                             const char *base_url, const char *mock_url, const struct store *store);

/* Removes the variables that name a proxy, and appends their names likewise. */
void command_environment_unproxy(struct environment *environment, struct buf *replaced);

#endif
