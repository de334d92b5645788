/* GET /openapi.json: the OpenAPI document of the operations that the mock has. */
#ifndef MOCK_CONTROL_CONTROL_OPENAPI_H
#define MOCK_CONTROL_CONTROL_OPENAPI_H

#include "exchange/exchange.h"
#include "support/fixture.h"

extern const struct operation op_openapi;

/* fixtures/openapi.json, which is built in. */
const struct embedded_file *openapi_document(void);

#endif
