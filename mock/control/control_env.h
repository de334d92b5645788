/* GET /_mock/env: what a client needs to know of the mock and its world, as variables. `run` sets
 * the same ones for its command. */
#ifndef MOCK_CONTROL_CONTROL_ENV_H
#define MOCK_CONTROL_CONTROL_ENV_H

#include "exchange/exchange.h"
#include "store/store.h"

extern const struct operation op_env;

typedef void (*variable_fn)(void *to, const char *name, const char *value);

/* Calls @each for the variables that lead to the mock (two URLs, and the control URL: the path
 * @control_path of the second one) and to its
 * world: the first team's secret, its second one, its first contact, its first one without
 * channels, another team's first contact, as far as @store has them. Wildcard addresses become the
 * loopback address of the same family. */
void world_variables(variable_fn each, void *to, const char *base_url, const char *mock_url,
                     const char *control_path, const struct store *store);

/* Answers those who may not have the keys of a world: loopback addresses may. A first step. */
enum step_result env_refuse(struct exchange *x);

/* Appends ,"control_url":"...","env":{...} of the world @store, whose control plane is at
 * @control_path ("/_mock"); after env_refuse(). */
void env_write(struct buf *out, const struct exchange *x, const char *control_path,
               const struct store *store);

/* One of the mock's URLs, with @path after it. A wildcard address cannot be called, and NO_PROXY
 * does not cover it: the loopback address stands for it. */
enum { URL_BELOW_TEXT = 256 };
void url_below(char text[URL_BELOW_TEXT], const char *url, const char *path);

/* The first URL that begins with @scheme ("http://"), or else the first; @urls ends with NULL. */
const char *url_of_scheme(char *const *urls, const char *scheme);

/* The one for clients. */
const char *mock_base_url(const struct mock *mock);

#endif
