/* heymarket-conformance export: the cases as .hurl or .http files. */
#ifndef SUITE_VERB_EXPORT_H
#define SUITE_VERB_EXPORT_H

#include "support/options.h"

int cmd_export(const struct verb_call *call);

#endif
