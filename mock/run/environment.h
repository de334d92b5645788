/* The variables that a command is started with: ours, changed. */
#ifndef MOCK_RUN_ENVIRONMENT_H
#define MOCK_RUN_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

struct environment {
    char **at; /* "NAME=VALUE", ends with NULL */
    size_t count, capacity;
    bool is_broken; /* out of memory: ask at the end */
};

/* A copy of our own variables without those whose names begin with @without.
 * environment_fini() it. */
void environment_init(struct environment *environment, const char *without);
void environment_fini(struct environment *environment);

/* The value, NULL where there is none; borrowed until it is set anew. */
const char *environment_find(const struct environment *environment, const char *name);

/* Sets or replaces. A NULL value changes nothing. */
void environment_set(struct environment *environment, const char *name, const char *value);

/* The same for a text "NAME=VALUE". */
void environment_put(struct environment *environment, const char *variable);

/* Adds 127.0.0.1, localhost and ::1 to NO_PROXY and no_proxy, keeping what is there; where one of
 * the two is missing it begins as the other, so that both mean the same. */
void environment_bypass_proxy(struct environment *environment);

#endif
