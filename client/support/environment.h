/* Our environment, and that of a command that we start: ours with changes. */
#ifndef SUPPORT_ENVIRONMENT_H
#define SUPPORT_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

/* Our own variable; NULL: it is unset or empty. Borrowed. */
const char *environment_text(const char *name);

enum { ENVIRONMENT_VARIABLE_BYTES_MAX = 1024 * 1024 };

struct environment {
    char **at; /* "NAME=VALUE", ends with NULL */
    size_t count, capacity;
    bool is_broken; /* out of memory, or a value is too long: check at the end */
};

/* A copy of our own variables. environment_fini() it. */
void environment_init(struct environment *environment);
void environment_fini(struct environment *environment);

/* The value, NULL where there is none; borrowed until the next change. */
const char *environment_find(const struct environment *environment, const char *name);

/* Removes the variable, if there is one. */
void environment_remove(struct environment *environment, const char *name);

/* Sets or replaces. A NULL value changes nothing. */
void environment_set(struct environment *environment, const char *name, const char *value);

/* The same for a text "NAME=VALUE". The old value may be among the arguments. */
void environment_put(struct environment *environment, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds 127.0.0.1, localhost and ::1 to NO_PROXY and no_proxy; or one other host. */
void environment_bypass_proxy(struct environment *environment);
void environment_bypass_proxy_for(struct environment *environment, const char *host);

/* The variables by which programs find a proxy; ends with NULL. */
extern const char *const environment_proxies[];

#endif
