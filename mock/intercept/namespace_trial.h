/* Are namespaces possible on this machine? Every step is tried, as some systems refuse a late one.
 */
#ifndef MOCK_INTERCEPT_NAMESPACE_TRIAL_H
#define MOCK_INTERCEPT_NAMESPACE_TRIAL_H

#include "intercept/namespace.h"
#include <stdbool.h>
#include <sys/types.h>

struct namespace_trial {
    pid_t pid; /* of the process that tries; 0: none */
    int from;
};

/* Starts a process that tries, with a network of its own or without; namespace_trial_end() waits
 * for what it says. One that was not started refuses nothing. */
void namespace_trial_begin(struct namespace_trial *trial, bool has_network);
void namespace_trial_end(struct namespace_trial *trial, struct refusal *refusal);

#endif
