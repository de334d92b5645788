/* The verb `openapi`: prints the OpenAPI document. */
#ifndef MOCK_OPENAPI_H
#define MOCK_OPENAPI_H

#include "support/options.h"

int openapi_run(const struct verb_call *call);

#endif
