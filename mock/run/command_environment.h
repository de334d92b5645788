/* The variables that the command of `run` or `sandbox` gets: where the mock is, and what is in its
 * world. */
#ifndef MOCK_RUN_COMMAND_ENVIRONMENT_H
#define MOCK_RUN_COMMAND_ENVIRONMENT_H

#include "support/buf.h"
#include "support/environment.h"

/* Removes from @environment, a copy of our own, the variables that lead to a server or its
 * contacts. Then set those of the mock, and call command_environment_finish(). */
void command_environment_begin(struct environment *environment);

/* A variable_fn: sets it in the struct environment @to. */
void command_environment_set(void *to, const char *name, const char *value);

/* Adds 127.0.0.1, localhost and ::1 to NO_PROXY and no_proxy. Appends to @replaced the names of
 * those that we had with another value, separated by spaces. */
void command_environment_finish(struct environment *environment, struct buf *replaced);

/* Says on stderr which these are, if there are any. */
void command_environment_say(const struct buf *replaced);

/* Removes the variables that name a proxy, and appends their names likewise. */
void command_environment_unproxy(struct environment *environment, struct buf *replaced);

#endif
