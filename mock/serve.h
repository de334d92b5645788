/* The verb `serve`: puts a mock together from its options, runs it until a signal, takes it down.
 */
#ifndef SERVE_H
#define SERVE_H

#include "options.h"

int serve_run(const struct verb_call *call);

#endif
