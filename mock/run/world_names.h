/* What the command of `run` is told of the world it finds: HEYMARKET_API_SECRET_ID, _KEY and the
 * others of the kind [design 2c]. */
#ifndef MOCK_RUN_WORLD_NAMES_H
#define MOCK_RUN_WORLD_NAMES_H

#include "run/environment.h"
#include "store/store.h"

/* Sets the first team's secret, its second one, its first contact, its first one without channels,
 * and another team's first contact; what the world has not, is left unset. */
void world_names_set(struct environment *environment, const struct store *store);

#endif
