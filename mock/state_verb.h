/* The verbs `state export` and `state import`: a kept world to and from a world file. */
#ifndef MOCK_STATE_VERB_H
#define MOCK_STATE_VERB_H

#include "support/options.h"

int state_export_run(const struct verb_call *call); /* KIND */
int state_import_run(const struct verb_call *call); /* WORLD KIND */

#endif
